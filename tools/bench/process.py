"""Runs the measured programs and takes their time."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from tools.bench.errors import BenchError

LAST_LINES = 5


@dataclass(frozen=True)
class Call:
    """One process: its arguments, and the file for its standard output."""

    arguments: Sequence[str | Path]
    output: Path | None = None

    def run(self) -> str:
        """The standard output, unless it goes to a file.

        Raises BenchError if the program is missing, cannot run on this machine, or fails.
        """
        name = Path(self.arguments[0]).name
        try:
            with self.output.open("wb") if self.output else nullcontext(subprocess.PIPE) as output:
                run = subprocess.run(
                    self.arguments,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.PIPE,
                    env=environment(),
                    check=False,
                )
        except OSError as error:
            raise BenchError(
                f"{name} cannot run on this machine: {error.strerror}; install it with "
                "`make bench`, whose helm and kubectl need Linux on x86-64"
            ) from error
        if run.returncode:
            output_lines = (run.stderr or run.stdout or b"").decode(errors="replace").splitlines()
            raise BenchError("\n".join([f"{self} failed:", *output_lines[-LAST_LINES:]]))
        return (run.stdout or b"").decode(errors="replace")

    def __str__(self) -> str:
        """The command line without folders."""
        return " ".join(
            part.name if isinstance(part, Path) else part for part in self.arguments
        ).replace(sys.executable, "python")


def seconds(calls: Iterable[Call]) -> float:
    """The time of the calls, one after another."""
    start = time.perf_counter()
    for call in calls:
        call.run()
    return time.perf_counter() - start


def environment() -> dict[str, str]:
    """The environment as under make, however the benchmark was started.

    The project's own tools come first on the PATH, and compiled Python is kept, because a synth is
    mostly start-up.
    """
    unwanted = ("CDK8S_OUTDIR", "PYTHONDONTWRITEBYTECODE")
    kept = {key: value for key, value in os.environ.items() if key not in unwanted}
    return {**kept, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}"}
