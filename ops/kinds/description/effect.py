"""What a change can do on the cluster."""

from enum import IntEnum


class Effect(IntEnum):
    """The classes of a change, each worse, or worth more attention, than the one before."""

    NOTHING = 0
    CREATED = 1
    IN_PLACE = 2
    ROLLS = 3
    ROLLS_WITH_GAP = 4
    MIGRATES = 5
    EXPOSES = 6
    UNKNOWN = 7
    NOT_RUN = 8
    DELETED = 9
    DATA_AT_RISK = 10
    REFUSED = 11

    @property
    def words(self) -> str:
        """The class as people read it."""
        return _WORDS[self]

    @property
    def needs_attention(self) -> bool:
        """Whether a reviewer must look at it, rather than may."""
        return self >= Effect.UNKNOWN


_WORDS = {
    Effect.NOTHING: "nothing happens",
    Effect.CREATED: "created",
    Effect.IN_PLACE: "changes in place",
    Effect.ROLLS: "pods roll without a gap",
    Effect.ROLLS_WITH_GAP: "pods roll with a gap",
    Effect.MIGRATES: "migrations run",
    Effect.EXPOSES: "exposure changes",
    Effect.UNKNOWN: "unknown: needs review",
    Effect.NOT_RUN: "the hook does not run",
    Effect.DELETED: "deleted",
    Effect.DATA_AT_RISK: "data at risk",
    Effect.REFUSED: "refused by the API server",
}
