"""Waiting for the cluster, with a lock kept and an end in sight."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from ops.errors import OpsError

POLL_SECONDS = 1.0

Answer = TypeVar("Answer")


class NotYetError(Exception):
    """What is waited for is not there yet; the message says what it lacks."""


def until(
    ask: Callable[[], Answer],
    timeout_seconds: float,
    meanwhile: Callable[[], object] = lambda: None,
) -> Answer:
    """What `ask` answers, once it does without a NotYetError; `meanwhile` is called in between.

    Raises OpsError with what is lacking at last if it does not in time.
    """
    deadline = time.monotonic() + timeout_seconds
    while True:
        try:
            return ask()
        except NotYetError as lack:
            if time.monotonic() > deadline:
                raise OpsError(f"not within {timeout_seconds:g} s: {lack}") from None
        meanwhile()
        time.sleep(POLL_SECONDS)
