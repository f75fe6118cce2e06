"""`ops secrets edit`: the file in the operator's editor, decrypted in memory alone."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ops.errors import OpsError
from ops.host.files import replace
from ops.secrets import sops
from ops.secrets.readers import refuse_unknown
from ops.secrets.sealed import SecretsFile, flaw

MEMORY = Path("/dev/shm")  # noqa: S108 (that it is in memory is checked)
MOUNTS = Path("/proc/self/mounts")
IN_MEMORY = ("tmpfs", "ramfs")
PREFIX = "railiance-secrets-"


def edit(file: SecretsFile) -> bool:
    """Opens the file's Secrets in the operator's editor; whether anything was changed.

    sops works on a copy, which replaces the file only when it is whole and encrypted. Raises
    OpsError if there is no folder in memory, or if the file is, afterwards, none that can be
    applied: it is saved then all the same.
    """
    if not file.exists():
        raise OpsError(f"{file.path}: not there; `{file.wanted.command('init')}` makes it")
    with _scratch() as folder:
        refuse_unknown(file.path)
        copy = folder / file.path.name
        shutil.copyfile(file.path, copy)
        if not sops.edit(copy, folder):
            return False
        if found := flaw(copy):
            raise OpsError(
                f"{file.path}: is unchanged, because the text you saved {found}; edit it again"
            )
        replace(file.path, copy.read_bytes())
    file.documents()
    return True


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder of the operator's alone, in memory; gone afterwards, however the editing ends."""
    if _kind_of(MEMORY) not in IN_MEMORY:
        raise OpsError(
            f"{MEMORY} is not in memory (tmpfs) here, so the decrypted text would be written to "
            "a disk; edit on a Linux machine where it is, or change single values with `ops "
            "secrets rotate KEY`"
        )
    _remove_left_over()
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix=f"{PREFIX}{os.getpid()}-") as folder:
        yield Path(folder)


def _kind_of(folder: Path) -> str:
    """The kind of file system on a mount point; empty if nothing is mounted there."""
    try:
        mounts = [line.split() for line in MOUNTS.read_text().splitlines()]
    except OSError:
        return ""
    return next((kind for _, place, kind, *_ in reversed(mounts) if place == str(folder)), "")


def _remove_left_over() -> None:
    """Removes the folders of runs that were killed before they could."""
    for left in MEMORY.glob(f"{PREFIX}*"):
        owner = left.name.removeprefix(PREFIX).partition("-")[0]
        if not Path("/proc", owner).exists():
            shutil.rmtree(left, ignore_errors=True)
