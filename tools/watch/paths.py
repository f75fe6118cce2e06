"""Many paths in one line."""

from collections.abc import Sequence
from pathlib import Path

MOST = 5


def in_one_line(paths: Sequence[Path]) -> str:
    """The first paths, and how many more there are."""
    more = f" and {len(paths) - MOST} more" if len(paths) > MOST else ""
    return ", ".join(map(str, paths[:MOST])) + more
