"""What `docker login` left for a registry, if it left it in its file."""

import base64
import json
import os
from pathlib import Path

from ops.errors import RegistryError


def file() -> Path:
    """Docker's configuration: below DOCKER_CONFIG, or in the home folder."""
    folder = os.environ.get("DOCKER_CONFIG")
    return (Path(folder) if folder else Path.home() / ".docker") / "config.json"


def stored(host: str) -> str:
    """User and password for a registry as HTTP Basic takes them; empty if the file has none.

    Only what the file itself holds below `auths`: a credential helper is a program that would run
    unasked. Raises RegistryError, which repeats nothing of the content, for a file that cannot be
    understood.
    """
    try:
        entry = _entry(json.loads(file().read_bytes()).get("auths") or {}, host)
        base64.b64decode(entry, validate=True)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise RegistryError(f"{file()}: {error.strerror}; fix it, or remove it") from error
    except (ValueError, AttributeError, TypeError):
        fix = f"`docker login {host}` writes it again"
        raise RegistryError(f"{file()} is not a Docker configuration file; {fix}") from None
    return entry


def _entry(auths: dict[str, dict[str, str]], host: str) -> str:
    """The entry for a host, under any of the keys that docker has used for it."""
    for key in (host, f"https://{host}", f"https://{host}/v1/", f"https://{host}/v2/"):
        if found := auths.get(key, {}).get("auth"):
            return found
    return ""
