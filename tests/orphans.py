"""The boxes that runs start for themselves, and take down even after a run that was killed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from box import folder
from box.lifecycle import Box


@contextmanager
def own_box(prefix: str, *, real_node: bool = False, cluster: Path | None = None) -> Iterator[Box]:
    """A new box with this and the id of the process as its name; gone at the end."""
    remove_orphans(prefix)
    made = Box(f"{prefix}{os.getpid()}", real_node=real_node, cluster=cluster)
    try:
        made.up()
        yield made
    finally:
        made.down()


def remove_orphans(prefix: str) -> None:
    """Take down every box whose name is this and the id of a process that is no more."""
    for found in folder.existing():
        if not found.name.startswith(prefix):
            continue
        owner = found.name.removeprefix(prefix)
        if owner.isdigit() and not Path("/proc", owner).exists():
            Box(found.name).down()
