"""Formats paths for one line."""

from collections.abc import Sequence
from pathlib import Path

MAX_SHOWN = 5


def in_one_line(paths: Sequence[Path]) -> str:
    """The first paths, and the number of the others."""
    more = f" and {len(paths) - MAX_SHOWN} more" if len(paths) > MAX_SHOWN else ""
    return ", ".join(map(str, paths[:MAX_SHOWN])) + more
