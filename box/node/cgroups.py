"""The node's own branch of the machine's control groups, below which all its pods are."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from box.folder import Folder

ROOT = Path("/sys/fs/cgroup")
EMPTY_WITHIN_SECONDS = 5.0
# A new group of version 1 has none of these, and cannot take a process until it has.
CPUSET = ("cpuset.cpus", "cpuset.mems")


def name(folder: Folder) -> str:
    """The name of a box's branch."""
    return folder.root.name


def create(folder: Folder) -> None:
    """Make the branch in every hierarchy."""
    for hierarchy in hierarchies():
        branch = hierarchy / name(folder)
        branch.mkdir(exist_ok=True)
        if is_unified():
            continue
        for setting in CPUSET:
            if (branch / setting).exists():
                (branch / setting).write_text((hierarchy / setting).read_text())


def remove(folder: Folder) -> None:
    """Remove the branch, once its processes have ended; does nothing where there is none."""
    for hierarchy in hierarchies():
        for path, _, _ in os.walk(hierarchy / name(folder), topdown=False):
            remove_group(Path(path))


def remove_group(group: Path) -> None:
    """Remove one group; the kernel may need a moment to see that it is empty."""
    deadline = time.monotonic() + EMPTY_WITHIN_SECONDS
    while True:
        try:
            group.rmdir()
        except FileNotFoundError:
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def is_unified() -> bool:
    """Whether this is version 2, where there is one hierarchy."""
    return (ROOT / "cgroup.controllers").exists()


def hierarchies() -> Iterator[Path]:
    """Where groups are made: one folder, or with version 1 one for each controller."""
    if is_unified():
        yield ROOT
        return
    for path in sorted(ROOT.iterdir()):
        if not path.is_symlink() and (path / "cgroup.procs").exists():
            yield path
