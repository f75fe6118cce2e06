"""The trailers that a commit needs before data may be at risk, and whether it has them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ops.kinds.description.effect import Effect
from ops.plan.change import Change

DATA_RISK, DELETION = "Acknowledge-Data-Risk", "Acknowledge-Deletion"
_TRAILERS = {Effect.DATA_AT_RISK: DATA_RISK, Effect.DELETED: DELETION}


@dataclass(frozen=True)
class Acknowledgements:
    """The objects that the commits' trailers name, by trailer."""

    data: frozenset[str]
    deletions: frozenset[str]

    @classmethod
    def from_trailers(cls, trailers: Iterable[tuple[str, str]]) -> "Acknowledgements":
        """From key and value of every trailer; keys are compared without regard to case."""
        given = [(name.lower(), " ".join(value.split())) for name, value in trailers]
        return cls(
            *(
                frozenset(value for name, value in given if name == wanted.lower())
                for wanted in (DATA_RISK, DELETION)
            )
        )

    def cover(self, change: Change) -> bool:
        """Whether a change that needs to be acknowledged is."""
        if str(change) in self.data:
            return True
        deleted = {str(change), *change.covered_by}
        return change.effect is Effect.DELETED and bool(deleted & (self.deletions | self.data))


def needed(change: Change) -> str | None:
    """The trailer that acknowledges a change; None if it needs none."""
    trailer = _TRAILERS.get(change.effect)
    return f"{trailer}: {change}" if trailer else None


def missing(changes: Sequence[Change], given: Acknowledgements) -> list[str]:
    """The trailers that are still to be written, each once.

    What goes together with an object that is itself unacknowledged is not asked for separately.
    """
    open_ = [change for change in changes if needed(change) and not given.cover(change)]
    names = {str(change) for change in open_ if change.effect is Effect.DELETED}
    asked = [
        needed(change)
        for change in open_
        if change.effect is Effect.DATA_AT_RISK or not change.covered_by & names
    ]
    return list(dict.fromkeys(trailer for trailer in asked if trailer))
