"""Measures the time of `make watch` from a save to its result."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tools.bench import process
from tools.bench.errors import BenchError

SAVES = 9
PAUSE_SECONDS = 3
"""Pause before each save, in which the next process imports cdk8s, as in normal use."""
END = "waiting for the next save"


def seconds(folder: Path, save: Callable[[], None]) -> list[float]:
    """The time of each save in a repository, until the last line of its result.

    Raises BenchError if `make watch` exits.
    """
    watch = subprocess.Popen(
        [sys.executable, "-m", "tools.watch"],
        cwd=folder,
        env=process.environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        _read_result(watch)
        return [_seconds(watch, save) for _ in range(SAVES)]
    finally:
        watch.terminate()
        watch.wait()


def _seconds(watch: subprocess.Popen[str], save: Callable[[], None]) -> float:
    time.sleep(PAUSE_SECONDS)
    start = time.perf_counter()
    save()
    _read_result(watch)
    return time.perf_counter() - start


def _read_result(watch: subprocess.Popen[str]) -> None:
    assert watch.stdout
    shown = []
    for line in watch.stdout:
        shown.append(line)
        if END in line:
            return
    raise BenchError("".join(["python -m tools.watch exited unexpectedly:\n", *shown]))
