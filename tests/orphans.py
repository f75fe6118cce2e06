"""The boxes of runs that were killed before they could take them down themselves."""

from pathlib import Path

from box import folder
from box.lifecycle import Box


def remove_orphans(prefix: str) -> None:
    """Take down every box whose name is this and the id of a process that is no more."""
    for found in folder.existing():
        if not found.name.startswith(prefix):
            continue
        owner = found.name.removeprefix(prefix)
        if owner.isdigit() and not Path("/proc", owner).exists():
            Box(found.name).down()
