"""The one door to programs that run to their end."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from box.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

TIMEOUT_SECONDS = 60.0


def run(
    argv: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: str | None = None,
    timeout_seconds: float = TIMEOUT_SECONDS,
) -> str:
    """Run a program and return what it printed; raise CommandError unless it exits 0."""
    try:
        done = subprocess.run(  # noqa: S603 - argv comes from this project
            argv,
            cwd=cwd,
            env=env,
            input=stdin if stdin is not None else "",
            capture_output=True,
            text=True,
            timeout=timeout_seconds,
            check=False,
        )
    except FileNotFoundError as error:
        raise CommandError(argv, f"no such program: {error.filename}", "") from error
    except subprocess.TimeoutExpired as error:
        raise CommandError(argv, f"not done after {timeout_seconds:.0f} s", "") from error
    if done.returncode != 0:
        raise CommandError(argv, f"exit code {done.returncode}", done.stderr or done.stdout)
    return done.stdout
