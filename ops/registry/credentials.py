"""The login of whoever uses this machine, as docker or podman keeps it for a registry."""

import base64
import binascii
import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ops.errors import CommandError, RegistryError
from ops.host.command import Command

NOT_FOUND = 1
"""With which a credential helper ends if it has no login for a host."""
HELPER_SECONDS = 20


@dataclass(frozen=True)
class Login:
    """A login for one registry."""

    basic: str = field(repr=False)
    """User and password as HTTP Basic takes them."""
    place: str
    """Where it is kept."""


def files() -> list[Path]:
    """The files in which docker and podman keep logins, the one that is asked first at first."""
    if folder := os.environ.get("DOCKER_CONFIG"):
        return [Path(folder) / "config.json"]
    own = [Path(file) for file in [os.environ.get("REGISTRY_AUTH_FILE")] if file]
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    podman = [Path(runtime) / "containers/auth.json"] if runtime else []
    return [*own, *podman, Path.home() / ".docker/config.json"]


def stored(host: str) -> Login | None:
    """The login for a registry, from the first file that has one; None if there is none.

    A credential helper that the file names is asked as docker asks it. Raises RegistryError, which
    repeats nothing of the content, for a file or a helper that cannot be understood.
    """
    return next((login for file in files() if (login := _in_file(file, host))), None)


def _in_file(file: Path, host: str) -> Login | None:
    try:
        content = json.loads(file.read_bytes())
        entry = _entry(content.get("auths") or {}, host)
        helpers = content.get("credHelpers") or {}
        helper = helpers.get(host) or content.get("credsStore") or ""
        basic = _basic(entry)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RegistryError(f"{file}: {error.strerror}; fix it, or remove it") from error
    except (ValueError, AttributeError, TypeError):
        fix = f"`docker login {host}` writes it again"
        raise RegistryError(f"{file} is not a Docker configuration file; {fix}") from None
    if basic:
        return Login(basic, str(file))
    return _from_helper(str(helper), host) if helper else None


def _entry(auths: dict[str, dict[str, str]], host: str) -> dict[str, str]:
    """The entry for a host, under any of the keys that docker has used for it."""
    for key in (host, f"https://{host}", f"https://{host}/v1/", f"https://{host}/v2/"):
        if found := auths.get(key, {}):
            return found
    return {}


def _basic(entry: dict[str, str]) -> str:
    """User and password of an entry; empty if it holds none. Raises ValueError if it is none."""
    if found := entry.get("auth"):
        base64.b64decode(found, validate=True)
        return found
    if entry.get("username") and entry.get("password"):
        return _encoded(entry["username"], entry["password"])
    return ""


def _encoded(user: str, password: str) -> str:
    return base64.b64encode(f"{user}:{password}".encode()).decode()


def _from_helper(helper: str, host: str) -> Login | None:
    """The login that a credential helper keeps.

    Source: github.com/docker/docker-credential-helpers, README, "Development".
    """
    program = f"docker-credential-{helper}"
    if not re.fullmatch(r"[A-Za-z0-9._-]+", helper):
        raise RegistryError(f"{files()[0]} names no credential helper; fix its credsStore")
    command = Command(
        [program, "get"],
        fix=f"install it, or keep the login for {host} in a file of its own (DOCKER_CONFIG)",
        timeout_seconds=HELPER_SECONDS,
        accepted=(0, NOT_FOUND),
        stdin=host.encode(),
    )
    try:
        answer = command.output()
    except CommandError as error:
        problem = str(error).partition(" failed")[0] if error.output else str(error)
        raise RegistryError(f"the login for {host} cannot be read: {problem}") from None
    return _answered(answer, program, host)


def _answered(answer: bytes, program: str, host: str) -> Login | None:
    try:
        found: Any = json.loads(answer)
        user, password = found["Username"], found["Secret"]
    except (ValueError, KeyError, TypeError, binascii.Error):
        return None  # it says in words that it has none
    if user == "<token>":
        fix = f"`docker login {host} --username USER` with an access token"
        raise RegistryError(f"{program} keeps a token for {host} that only docker can use; {fix}")
    return Login(_encoded(user, password), program)
