"""One line of the status: what it is about, how that stands, and what tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from ops.errors import ClusterError


class Verdict(StrEnum):
    """How a thing stands."""

    OK = "ok"
    UNDER_WAY = "under way"
    """Not there yet, but somebody is at it, and says so if it fails."""
    WRONG = "wrong"
    UNKNOWN = "unknown"
    """It could not be read, or whoever has to say it has not."""


WELL = (Verdict.OK, Verdict.UNDER_WAY)


@dataclass(frozen=True)
class Item:
    """One line of the status."""

    id: str
    verdict: Verdict
    text: str
    """What tells, in words; it stays the same while nothing changes, so it holds no age."""
    since: datetime | None = None
    """When what it tells of was, where its age says something."""
    more: Sequence[str] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    """The figures behind the words, for a machine."""

    @property
    def well(self) -> bool:
        """Whether nobody has to look."""
        return self.verdict in WELL


def unread(name: str, error: ClusterError) -> Item:
    """The line for what could not be read."""
    return Item(name, Verdict.UNKNOWN, str(error))
