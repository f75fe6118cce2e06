"""Waiting for the cluster, up to a timeout, while a lock is kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from ops.errors import OpsError

POLL_SECONDS = 1.0

Answer = TypeVar("Answer")


class NotYetError(Exception):
    """What is waited for is not there yet; the message says what is missing."""


def until(
    ask: Callable[[], Answer],
    timeout_seconds: float,
    meanwhile: Callable[[], object] = lambda: None,
) -> Answer:
    """What `ask` answers, once it raises no NotYetError; `meanwhile` is called in between.

    Raises OpsError with what is missing at last if it does not in time.
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
