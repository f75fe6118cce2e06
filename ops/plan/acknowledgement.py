"""The trailers that a commit needs for what is easily overlooked, and whether it has them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ops.kinds.description.effect import Effect
from ops.plan.change import Change

DATA_RISK, DELETION, HOOK = "Acknowledge-Data-Risk", "Acknowledge-Deletion", "Acknowledge-Hook"
_TRAILERS = {Effect.DATA_AT_RISK: DATA_RISK, Effect.DELETED: DELETION, Effect.NOT_RUN: HOOK}


@dataclass(frozen=True)
class Acknowledgements:
    """The objects that the commits' trailers name, by trailer."""

    data: frozenset[str] = frozenset()
    deletions: frozenset[str] = frozenset()
    hooks: frozenset[str] = frozenset()

    @classmethod
    def from_trailers(cls, trailers: Iterable[tuple[str, str]]) -> "Acknowledgements":
        """From key and value of every trailer; keys are compared without regard to case."""
        given = [(name.lower(), " ".join(value.split())) for name, value in trailers]
        return cls(
            *(
                frozenset(value for name, value in given if name == wanted.lower())
                for wanted in (DATA_RISK, DELETION, HOOK)
            )
        )

    def cover(self, change: Change) -> bool:
        """Whether a change that needs to be acknowledged is."""
        if str(change) in self.data:
            return True
        if change.effect is Effect.DATA_AT_RISK:
            return change.new is not None and bool(change.covered_by & self.data)
        if change.effect is Effect.NOT_RUN:
            return str(change) in self.hooks
        deleted = {str(change), *change.covered_by}
        return change.effect is Effect.DELETED and bool(deleted & (self.deletions | self.data))


def with_shared_risk(changes: Iterable[Change]) -> Iterator[Change]:
    """The changes; one with the same data at risk as another is acknowledged with the first."""
    first: dict[frozenset[tuple[str, str]], Change] = {}
    for change in changes:
        risk = frozenset(
            (str(judged.field.old), judged.reason)
            for judged in change.fields
            if judged.effect is change.effect is Effect.DATA_AT_RISK
        )
        leader = first.setdefault(risk, change) if risk else change
        if leader is change:
            yield change
        else:
            yield replace(change, covered_by=change.covered_by | {str(leader)})


def needed(change: Change) -> str | None:
    """The trailer that acknowledges a change; None if it needs none."""
    trailer = _TRAILERS.get(change.effect)
    return f"{trailer}: {change}" if trailer else None


def missing(changes: Sequence[Change], given: Acknowledgements) -> list[str]:
    """The trailers that are still to be written, each once.

    What goes together with an object that is itself unacknowledged is not asked for separately.
    """
    open_ = [change for change in changes if needed(change) and not given.cover(change)]
    names = {
        effect: {str(change) for change in open_ if change.effect is effect} for effect in _TRAILERS
    }
    asked = [needed(change) for change in open_ if not change.covered_by & names[change.effect]]
    return list(dict.fromkeys(trailer for trailer in asked if trailer))
