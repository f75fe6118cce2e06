"""Whole files that become values, such as a private key; their content is in no message."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ops.errors import OpsError, UsageError
from ops.host.repository import from_start
from ops.secrets.decrypted import LARGEST


def paths(arguments: Iterable[str]) -> dict[str, Path]:
    """The paths by key of KEY=PATH arguments.

    Raises UsageError, which repeats none: by a slip it could hold a value.
    """
    pairs = [argument.partition("=") for argument in arguments]
    if not all(key and path for key, _, path in pairs):
        raise UsageError("--file takes KEY=PATH")
    found = {key: from_start(Path(path)) for key, _, path in pairs}
    if len(found) < len(pairs):
        raise UsageError("--file names a key twice")
    return found


def read(given: Mapping[str, Path], asked: Sequence[str]) -> dict[str, bytes]:
    """The content of every file that is asked for.

    Raises UsageError for one that is not given, or given and not asked for; OpsError, which names
    the key alone, for one that cannot be taken.
    """
    if unknown := [key for key in given if key not in asked]:
        known = ", ".join(asked) or "none"
        raise UsageError(
            f"--file names {', '.join(unknown)}, which is not one of the files to add: {known};"
            " `ops secrets rotate KEY --app NAME --file PATH` replaces one"
        )
    if absent := [key for key in asked if key not in given]:
        options = " ".join(f"--file {key}=PATH" for key in absent)
        raise UsageError(f"{', '.join(absent)} must be given as a file: {options}")
    return {key: content(key, given[key]) for key in asked}


def content(key: str, path: Path) -> bytes:
    """What is in a file, or comes from a pipe; OpsError if that cannot be the value of a key."""
    try:
        if path.resolve().is_relative_to(Path().resolve()):
            problem = "is in the repository, where it could be committed"
            raise OpsError(f"the file for {key} {problem}; move it out of it")
        with path.open("rb") as stream:
            found = stream.read(LARGEST + 1)
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
        raise OpsError(f"the file for {key} {problem}; give the path of a readable file") from None
    if not found:
        raise OpsError(f"the file for {key} is empty; give the path of the right one")
    if len(found) > LARGEST:
        raise OpsError(f"the file for {key} has more than {LARGEST} bytes, which no Secret holds")
    return found
