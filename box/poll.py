"""Waits for a condition."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from box.errors import BoxError

if TYPE_CHECKING:
    from collections.abc import Callable

INTERVAL_SECONDS = 0.1


class NotInTimeError(BoxError):
    """A condition did not become true in time."""

    def __init__(self, what: str, timeout_seconds: float) -> None:
        super().__init__(
            f"timeout after {timeout_seconds:.0f} s waiting until {what}", "make box-status"
        )


def until(condition: Callable[[], bool], what: str, timeout_seconds: float) -> None:
    """Return once the condition holds; raise NotInTimeError after the timeout."""
    deadline = time.monotonic() + timeout_seconds
    while not condition():
        if time.monotonic() > deadline:
            raise NotInTimeError(what, timeout_seconds)
        time.sleep(INTERVAL_SECONDS)
