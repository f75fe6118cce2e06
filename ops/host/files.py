"""Files that are replaced whole, or not at all."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ops.errors import OpsError


def replace(file: Path, content: bytes, *, make_folder: bool = False) -> None:
    """Writes a file beside its place and renames it; of a link, the file that it leads to.

    Raises OpsError if that fails, or if something else than a file is there, such as a device.
    """
    target = Path(os.path.realpath(file))
    beside = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        is_there = target.exists()
        if is_there and not target.is_file():
            raise OpsError(f"cannot write {file}: it is not a regular file")
        if make_folder:
            target.parent.mkdir(exist_ok=True)
        try:
            beside.write_bytes(content)
            if is_there:
                shutil.copymode(target, beside)
            os.replace(beside, target)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise OpsError(f"cannot write {file}: {error.strerror}; it is unchanged") from error


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
