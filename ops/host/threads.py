"""Work that is done side by side, and that nobody need wait for in the end."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def begin(work: Callable[[], T]) -> "Future[T]":
    """The future result of work in a thread of its own.

    The program's end does not wait for that thread, as it would for a pool's: a name server that
    is silent, or Ctrl-C, must not hold it up.
    """
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 (raised again where the result is asked for)
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future
