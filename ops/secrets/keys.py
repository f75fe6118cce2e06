"""An operator's age key pair: the private key is in their home folder, never in the repository."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from ops.errors import OpsError

VARIABLE = "SOPS_AGE_KEY_FILE"
PRIVATE = "AGE-SECRET-KEY-"
ONLY_OWNER = 0o600
ONLY_OWNER_FOLDER = 0o700
OTHERS = 0o077


def key_file() -> Path:
    """Where sops looks for private keys: SOPS_AGE_KEY_FILE, else ~/.config/sops/age/keys.txt."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    settings = os.environ.get("XDG_CONFIG_HOME")
    return (Path(settings) if settings else Path.home() / ".config") / "sops/age/keys.txt"


def recipients_of(file: Path) -> list[str]:
    """The public keys of the private keys in a file; none if there is no such file.

    Raises OpsError if it cannot be read, if others may read it, or if it holds no age key.
    """
    if not file.exists():
        return []
    try:
        if not file.is_file():
            raise OpsError(f"{file}: is not a regular file")
        if file.stat().st_mode & OTHERS:
            raise OpsError(f"{file}: others may read it; `chmod 600 {file}`")
        return list(_recipients(file.read_text().splitlines(), file))
    except (OSError, UnicodeDecodeError) as error:
        raise OpsError(f"{file}: cannot be read: {error}") from None


def _recipients(lines: list[str], file: Path) -> Iterator[str]:
    from pyrage import IdentityError  # noqa: PLC0415 (only who has a key needs it)
    from pyrage.x25519 import Identity  # noqa: PLC0415

    private = [line.strip() for line in lines if line.strip().startswith(PRIVATE)]
    if not private:
        fix = "move it away, and run the same command with --make-key, which makes one"
        raise OpsError(f"{file}: holds no age key; {fix}")
    for line in private:
        try:
            yield str(Identity.from_str(line).to_public())
        except IdentityError:
            raise OpsError(f"{file}: holds a broken age key; restore it from your backup") from None


def make(file: Path, repository: Path) -> str:
    """Makes a key pair: the private key goes straight into the file, the public one is returned.

    The file gets mode 0600. Raises OpsError if there is one, or if it would be in the repository.
    """
    from pyrage.x25519 import Identity  # noqa: PLC0415

    if file.resolve().is_relative_to(repository.resolve()):
        raise OpsError(f"{file}: is in the repository, where no private key may be")
    identity = Identity.generate()
    recipient = str(identity.to_public())
    today = datetime.now(UTC).isoformat(timespec="seconds")
    text = f"# created: {today}\n# public key: {recipient}\n{identity}\n"
    try:
        file.parent.mkdir(mode=ONLY_OWNER_FOLDER, parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_OWNER)
        with os.fdopen(handle, "w") as stream:
            stream.write(text)
    except FileExistsError:
        raise OpsError(f"{file}: already exists, and keys are never overwritten") from None
    except OSError as error:
        raise OpsError(f"{error.filename}: cannot be written: {error.strerror}") from None
    return recipient


def refuse_unreadable(recipient: str) -> None:
    """Raises OpsError unless the text is the public key of an age key pair."""
    from pyrage import RecipientError  # noqa: PLC0415
    from pyrage.x25519 import Recipient  # noqa: PLC0415

    if recipient.startswith(PRIVATE):
        raise OpsError("that is a private key; give the public one, which begins with age1")
    try:
        Recipient.from_str(recipient)
    except RecipientError:
        raise OpsError(
            f"{recipient!r} is not an age recipient; a recipient looks like age1…"
        ) from None
