"""The encrypted Secrets of an app; rendering reads only their bytes, never their values."""

import hashlib
from pathlib import Path

from railiance.annotations import SECRETS_DIGEST
from railiance.errors import InputError

FOLDER = "secrets"
"""The folder with them, relative to the repository."""


def file_name(app_name: str) -> str:
    """The file with an app's encrypted Secrets, if it has any."""
    return f"{app_name}.sops.yaml"


def annotations(folder: Path | None, app_name: str) -> dict[str, str]:
    """The pod annotation with the digest of the app's `<app>.sops.yaml` in the folder.

    The line ends of Windows, which git can write, count as those that git stores.

    Empty if there is no folder or no file. Raises InputError if the file cannot be read.
    """
    if folder is None:
        return {}
    sealed = folder / file_name(app_name)
    try:
        content = sealed.read_bytes().replace(b"\r\n", b"\n")
        return {SECRETS_DIGEST: f"sha256:{hashlib.sha256(content).hexdigest()}"}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InputError(f"cannot read {sealed}: {error.strerror}") from error
