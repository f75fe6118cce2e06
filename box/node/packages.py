"""The environment for Debian's programs that are unpacked but not installed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LIBRARIES = ("usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu")


def environment(root: Path, *before: Path) -> dict[str, str]:
    """Search paths for programs, libraries and extensions."""
    folders = (*before, root / "usr/sbin", root / "usr/bin")
    return {
        "PATH": ":".join([*map(str, folders), os.environ["PATH"]]),
        "LD_LIBRARY_PATH": ":".join(str(root / each) for each in LIBRARIES),
        "XTABLES_LIBDIR": str(root / LIBRARIES[0] / "xtables"),
    }
