"""Waiting for the cluster, with a lock kept and an end in sight."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from ops.errors import OpsError

POLL_SECONDS = 1.0

Answer = TypeVar("Answer")


def until(ask: Callable[[], Answer | None], what: str, timeout_seconds: float) -> Answer:
    """What `ask` answers, once it answers anything; OpsError if it does not in time."""
    deadline = time.monotonic() + timeout_seconds
    while (answer := ask()) is None:
        if time.monotonic() > deadline:
            raise OpsError(f"not within {timeout_seconds:g} s: {what}")
        time.sleep(POLL_SECONDS)
    return answer
