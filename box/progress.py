"""What the operator sees while a box builds and starts.

On a terminal a live line with the running time; in a pipe one plain line when
a step starts and one when it ends, so that a log shows where it stands.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Iterator


class Progress:
    """Reports steps on standard error, which leaves standard output to results."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True, highlight=False)

    @contextmanager
    def step(self, what: str, *, shown: bool = True) -> Iterator[None]:
        """Show that a step runs, and how long it took once it has."""
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
