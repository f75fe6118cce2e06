"""Files that are replaced whole, or not at all."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ops.errors import OpsError


def replace(file: Path, content: bytes) -> None:
    """Writes a file beside its place and renames it; raises OpsError if that fails."""
    beside = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        file.parent.mkdir(exist_ok=True)
        try:
            beside.write_bytes(content)
            if file.exists():
                shutil.copymode(file, beside)
            os.replace(beside, file)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise OpsError(f"cannot write {file}: {error.strerror}; it is as it was") from error


def contents(folders: Sequence[Path]) -> dict[Path, bytes]:
    """Every file that stands in the folders, and what is in it."""
    try:
        return {
            file: file.read_bytes()
            for folder in folders
            for file in sorted(folder.glob("*"))
            if file.is_file()
        }
    except OSError as error:
        raise OpsError(f"{error.filename}: {error.strerror}") from error


@contextmanager
def put_back_on_failure(folders: Sequence[Path]) -> Iterator[None]:
    """Leaves the folders as they were if anything goes wrong inside, an interruption included."""
    before = contents(folders)
    try:
        yield
    except BaseException:
        after = contents(folders)
        for file in after.keys() - before.keys():
            file.unlink()
        for file in before:
            if after.get(file) != before[file]:
                replace(file, before[file])
        raise
