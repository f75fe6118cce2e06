"""Visitors of the site: they ask without a pause, and remember each answer and when it came."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from box.poll import until
from ops.smoke.browser import Browser
from ops.smoke.outcome import FailedError
from tests.rehearse.meanwhile import Meanwhile

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from pathlib import Path

    from ops.smoke.browser import Answer
    from ops.smoke.place import Place

PATIENCE_SECONDS = 30.0
"""How long a person waits for a page before it counts as failed."""
OK = 200


@dataclass(frozen=True)
class Request:
    """One request, as its visitor saw it."""

    at: float
    """Seconds since the visitors came."""
    seconds: float
    """Until it was answered."""
    status: int
    """0 if there was no answer."""
    problem: str = ""

    @property
    def failed(self) -> bool:
        """Whether the visitor saw an error instead of the site."""
        return self.status != OK

    @property
    def end(self) -> float:
        """When it was answered, or given up."""
        return self.at + self.seconds


@dataclass
class Visitors(Meanwhile):
    """So many visitors at a time, each asking again as soon as he is answered."""

    place: Place
    authority: Path
    at_a_time: int
    path: str
    requests: list[Request] = field(default_factory=list)
    _start: float = 0.0

    def __enter__(self) -> Self:
        self._start = time.monotonic()
        return super().__enter__()

    def how_many(self) -> int:
        """One thread a visitor."""
        return self.at_a_time

    @property
    def now(self) -> float:
        """Seconds since they came."""
        return time.monotonic() - self._start

    def come_for(self, seconds: float) -> None:
        """Let them come until so long after they began, at least."""
        time.sleep(max(0.0, seconds - self.now))

    def until_calm(self, for_seconds: float, within_seconds: float) -> None:
        """Return once nobody has been failed for so long, from now on."""
        now = self.now
        until(
            lambda: self.now - max((now, *(r.end for r in self.failed))) > for_seconds,
            f"nobody is failed by {self.place.host} for {for_seconds} s",
            within_seconds,
        )

    def until_answered(self, within_seconds: float) -> None:
        """Return once a request that is made from now on is answered."""
        now, before = self.now, len(self.requests)
        until(
            lambda: any(r.at > now and not r.failed for r in self.requests[before:]),
            f"{self.place.host} answers its visitors",
            within_seconds,
        )

    @property
    def failed(self) -> list[Request]:
        """The requests that were not answered, or with an error of the server."""
        return [request for request in self.requests if request.failed]

    @property
    def failed_later(self) -> list[Request]:
        """Those of them that came after the first request that was answered."""
        first = next(request.at for request in self.requests if not request.failed)
        return [request for request in self.failed if request.at > first]

    @property
    def outage_seconds(self) -> float:
        """From the first failed request to the first that succeeded after the last one."""
        failed = self.failed
        if not failed:
            return 0.0
        last = max(request.end for request in failed)
        after = [r.end for r in self.requests if not r.failed and r.at >= last]
        return min(after, default=last) - min(request.at for request in failed)

    @property
    def slowest_seconds(self) -> float:
        """The longest that a visitor waited for an answer."""
        return max((r.seconds for r in self.requests if not r.failed), default=0.0)

    def go_on(self, over: threading.Event) -> None:
        """Ask, and ask again."""
        with Browser(self.place, self.authority, PATIENCE_SECONDS) as browser:
            while not over.is_set():
                self.requests.append(timed(lambda: browser.get(self.path), self._start))


def timed(ask: Callable[[], Answer], start: float) -> Request:
    """Ask once, and note how it went."""
    began = time.monotonic()
    try:
        status, problem = ask().status, ""
    except FailedError as error:
        status, problem = 0, str(error)
    return Request(began - start, time.monotonic() - began, status, problem)
