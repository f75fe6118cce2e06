"""The encrypted Secrets of an app, of which a rendering knows only the bytes."""

import hashlib
from pathlib import Path

from railiance.errors import InputError

DIGEST = "railiance.io/secrets-digest"
"""In the pod template: pods read a Secret when they start, so new ciphertext must roll them."""
FOLDER = "secrets"
"""Where they are, in the repository."""


def file_name(app_name: str) -> str:
    """The file with an app's encrypted Secrets, if it has any."""
    return f"{app_name}.sops.yaml"


def annotations(folder: Path | None, app_name: str) -> dict[str, str]:
    """The annotation of an app's pods with the digest of `<app>.sops.yaml` in the folder.

    None if there is no folder or no file. Raises InputError if the file cannot be read.
    """
    if folder is None:
        return {}
    sealed = folder / file_name(app_name)
    try:
        return {DIGEST: f"sha256:{hashlib.sha256(sealed.read_bytes()).hexdigest()}"}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InputError(f"cannot read {sealed}: {error.strerror}") from error
