"""The node's own subtree of the machine's cgroups, which contains all its pods."""

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
# A new cgroup of version 1 has these empty, and accepts no process until they are set.
CPUSET = ("cpuset.cpus", "cpuset.mems")
# By default all pods together get as much of the processors as a single process outside of them,
# and on a busy machine their probes time out. These are twenty times the default.
WEIGHT = {"cpu.shares": "20480", "cpu.weight": "2000"}
"""The weight of all pods, in cgroup version 1 and 2."""


def name(folder: Folder) -> str:
    """The name of a local cluster's cgroup."""
    return folder.root.name


def create(folder: Folder) -> None:
    """Create the cgroup in every hierarchy."""
    for hierarchy in hierarchies():
        branch = hierarchy / name(folder)
        branch.mkdir(exist_ok=True)
        for setting, weight in WEIGHT.items():
            if (branch / setting).exists():
                (branch / setting).write_text(weight)
        if is_unified():
            continue
        for setting in CPUSET:
            if (branch / setting).exists():
                (branch / setting).write_text((hierarchy / setting).read_text())


def remove(folder: Folder) -> None:
    """Remove the cgroup, once its processes have exited; does nothing if there is none."""
    for hierarchy in hierarchies():
        for path, _, _ in os.walk(hierarchy / name(folder), topdown=False):
            remove_group(Path(path))


def remove_group(group: Path) -> None:
    """Remove one cgroup; the kernel may need a moment to notice that it is empty."""
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
    """Whether this is cgroup version 2, which has a single hierarchy."""
    return (ROOT / "cgroup.controllers").exists()


def hierarchies() -> Iterator[Path]:
    """The hierarchies: one folder, or with version 1 one for each controller."""
    if is_unified():
        yield ROOT
        return
    for path in sorted(ROOT.iterdir()):
        if not path.is_symlink() and (path / "cgroup.procs").exists():
            yield path
