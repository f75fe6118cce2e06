"""Shows the operator what is in progress while a local cluster is built and started.

On a terminal, a live line; otherwise one plain line when a step starts and one
when it ends, so that a log shows the current step.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Iterator


class Progress:
    """Reports steps on standard error; standard output is for results."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True, highlight=False)

    @contextmanager
    def step(self, what: str, *, shown: bool = True) -> Iterator[None]:
        """Show that a step runs, and how long it took."""
        if not shown:
            yield
            return
        began = time.monotonic()
        if self.console.is_terminal:
            with self.console.status(f"{what} …"):
                yield
        else:
            self.console.print(f"{what} …", soft_wrap=True)
            yield
        self.console.print(f"{what}: {time.monotonic() - began:.1f} s", soft_wrap=True)
