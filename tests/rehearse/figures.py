"""What a run has measured: one line a rehearsal, and each request of the rolls."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.rehearse.visitors import Request, Visitors
    from tests.rehearse.writer import Writer

NUMBERS = (*range(1, 12), 130, 131)
"""Of the rehearsals that have a line."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One rehearsal, as the site's users and its operator saw it."""

    number: int
    title: str
    seconds: float
    """How long it took from the disturbance to a healthy app."""
    seen: str
    """What a user of the site saw."""
    sent: int = 0
    failed: int = 0
    outage_seconds: float = 0.0
    slowest_seconds: float = 0.0
    saved: int = 0
    unsaved: int = 0
    """How often somebody could not save."""
    unsaved_seconds: float = 0.0
    """For how long."""
    lost: int = 0


@dataclass
class Figures:
    """All of a run."""

    began: float
    """When the run began, on the monotonic clock."""
    lines: list[Line] = field(default_factory=list)
    rolls: dict[int, list[Request]] = field(default_factory=dict)
    """The requests while a new image rolled, by how many visitors there were."""
    times: dict[str, float] = field(default_factory=dict)
    """Seconds from a commit, or an apply, to Healthy, by who applied."""

    @property
    def seconds(self) -> float:
        """How long the run has taken so far."""
        return time.monotonic() - self.began

    @property
    def is_complete(self) -> bool:
        """Whether every rehearsal has its line."""
        return {line.number for line in self.lines} == set(NUMBERS)

    def note(  # noqa: PLR0913 (what there is to say of one rehearsal)
        self,
        number: int,
        title: str,
        *,
        seconds: float,
        seen: str,
        visitors: Visitors | None = None,
        writer: Writer | None = None,
    ) -> None:
        """Add a rehearsal; its visitors and writer must be gone."""
        self.lines.append(
            Line(
                number=number,
                title=title,
                seconds=seconds,
                seen=seen,
                sent=len(visitors.requests) if visitors else 0,
                failed=len(visitors.failed) if visitors else 0,
                outage_seconds=visitors.outage_seconds if visitors else 0.0,
                slowest_seconds=visitors.slowest_seconds if visitors else 0.0,
                saved=len(writer.saved) if writer else 0,
                unsaved=len(writer.problems) if writer else 0,
                unsaved_seconds=writer.outage_seconds if writer else 0.0,
                lost=len(writer.lost()) if writer else 0,
            )
        )
