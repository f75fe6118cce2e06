"""What goes on in threads while a rehearsal does something else."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType


class Meanwhile:
    """Goes on from `with` to the end of its block."""

    def how_many(self) -> int:
        """In so many threads."""
        return 1

    def go_on(self, over: threading.Event) -> None:
        """What each of them does until it is over."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self.go_on, args=(self._over,)) for _ in range(self.how_many())
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()
