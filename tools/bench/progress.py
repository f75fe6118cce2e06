"""Reports what is being measured: a live line on a terminal, plain lines elsewhere."""

import sys
import time
from typing import Self


class Progress:
    """The progress, on standard error."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._start = time.monotonic()
        self._said = ""

    def show(self, stage: str, detail: str) -> None:
        """Reports the current step; without a terminal, only when the stage changes."""
        passed = f"{time.monotonic() - self._start:3.0f} s"
        if self._live:
            print(f"\r\033[2K{passed}  {stage}  {detail}", end="", file=sys.stderr, flush=True)
        elif stage != self._said:
            print(f"{passed}  {stage}", file=sys.stderr, flush=True)
        self._said = stage

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Clears the live line, so that an error starts on its own line."""
        if self._live:
            print("\r\033[2K", end="", file=sys.stderr, flush=True)
