"""The plan of a change: what happens to every Application that it touches."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ops.kinds.description.effect import Effect
from ops.plan.acknowledgement import Acknowledgements, missing, needed
from ops.plan.change import Change
from ops.plan.messages import Line
from ops.plan.not_counted import explanations
from ops.plan.obstacles import Obstacle
from ops.plan.secrets_change import AddedReader
from ops.plan.simulation import Step


@dataclass(frozen=True)
class AppPlan:
    """What happens to one Application's objects."""

    name: str
    verb: str
    """`install`, `upgrade` or `remove`."""
    changes: Sequence[Change]
    steps: Sequence[Step]
    obstacles: Sequence[Obstacle]
    notes: Sequence[str]

    @property
    def effect(self) -> Effect:
        """The worst class of all its changes."""
        return max((change.effect for change in self.changes), default=Effect.NOTHING)


@dataclass(frozen=True)
class Silence:
    """A policy check that an object silences."""

    subject: str
    check: str
    reason: str
    is_new: bool


@dataclass(frozen=True)
class Plan:
    """What a change does on the cluster."""

    base: str
    head: str
    apps: Sequence[AppPlan]
    silenced: Sequence[Silence]
    acknowledged: Acknowledgements
    added_readers: Sequence[AddedReader] = ()
    """Those who become able to decrypt Secrets and are not acknowledged."""
    secrets_notes: Sequence[str] = ()
    """What else changes about the files in secrets/."""
    notes: Sequence[str] = ()
    """What the plan cannot know, and why."""
    written: Sequence[Line] = ()
    """What commits state about acknowledging, trailer or not."""

    @cached_property
    def changes(self) -> list[Change]:
        """All changes of all Applications."""
        return [change for app in self.apps for change in app.changes]

    @cached_property
    def obstacles(self) -> list[Obstacle]:
        """Everything that keeps a sync from starting or ending."""
        return [obstacle for app in self.apps for obstacle in app.obstacles]

    @cached_property
    def refused(self) -> list[Change]:
        """What the API server will not take."""
        return [change for change in self.changes if change.effect is Effect.REFUSED]

    @cached_property
    def unacknowledged(self) -> list[str]:
        """The trailers that a commit must have and none has."""
        readers = [added.trailer for added in self.added_readers]
        return [*readers, *missing(self.changes, self.acknowledged)]

    @cached_property
    def not_counted(self) -> list[str]:
        """Why what the commits state does not acknowledge what is left to acknowledge."""
        wanted = [change for change in self.changes if needed(change)]
        return explanations(self.written, wanted, self.unacknowledged)

    @property
    def passed(self) -> bool:
        """Whether the change may be merged as it is."""
        return not (self.obstacles or self.refused or self.unacknowledged)

    def of(self, effect: Effect) -> list[Change]:
        """The changes of a class."""
        return [change for change in self.changes if change.effect is effect]
