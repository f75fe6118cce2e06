"""What goes on in threads while a rehearsal does something else."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

MOST_THREADS = 64


class Meanwhile:
    """Goes on from `with` to the end of its block, which raises what a thread has raised."""

    def how_many(self) -> int:
        """In so many threads."""
        return 1

    def go_on(self, over: threading.Event) -> None:
        """What each of them does until it is over."""
        raise NotImplementedError

    def join_in(self, how_many: int) -> None:
        """So many threads more, from now on."""
        self._going += [self._pool.submit(self.go_on, self._over) for _ in range(how_many)]

    def __enter__(self) -> Self:
        self._over = threading.Event()
        self._pool = ThreadPoolExecutor(MOST_THREADS)
        self._going: list[Future[None]] = []
        self.join_in(self.how_many())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._over.set()
        self._pool.shutdown()
        for each in self._going:
            each.result()
