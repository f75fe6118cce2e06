"""Waiting for the cluster, up to a timeout, while a lock is kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from ops.errors import OpsError

POLL_SECONDS = 1.0
QUIET_SECONDS = 5.0
"""How long a wait says nothing."""

Answer = TypeVar("Answer")


class NotYetError(Exception):
    """What is waited for is not there yet; the message says what is missing."""


def until(
    ask: Callable[[], Answer],
    timeout_seconds: float,
    meanwhile: Callable[[], object] = lambda: None,
    say: Callable[[str], None] = lambda _: None,
) -> Answer:
    """What `ask` answers, once it raises no NotYetError; `meanwhile` is called in between.

    After 5 seconds `say` gets what is missing, and again whenever that changes.

    Raises OpsError with what is missing at last if it does not in time.
    """
    begun, said = time.monotonic(), ""
    while True:
        try:
            return ask()
        except NotYetError as lack:
            waited = time.monotonic() - begun
            if waited > timeout_seconds:
                raise OpsError(f"not within {timeout_seconds:g} s: {lack}") from None
            if waited >= QUIET_SECONDS and str(lack) != said:
                said = str(lack)
                say(f"waiting: {said}")
        meanwhile()
        time.sleep(POLL_SECONDS)
