"""The health of an object, as Argo CD assesses it.

Source: Argo CD 3.6, "Resource Health", and gitops-engine/pkg/health and resource_customizations of
https://github.com/argoproj/argo-cd/tree/v3.6.1.
"""

from dataclasses import dataclass
from enum import Enum

from ops.objects.base import Object, Status


class State(Enum):
    """A wave waits until its objects are HEALTHY; waiting does not help what is DEGRADED."""

    HEALTHY = "Healthy"
    PROGRESSING = "Progressing"
    DEGRADED = "Degraded"


@dataclass(frozen=True)
class Health:
    """A state, and what the object's controller reports of it."""

    state: State
    message: str = ""
    is_retried: bool = False
    """Whether the controller of a DEGRADED object tries again by itself, and may well succeed."""

    @property
    def is_final(self) -> bool:
        """Whether waiting does not help."""
        return self.state is State.DEGRADED and not self.is_retried


HEALTHY = Health(State.HEALTHY)
NOT_OBSERVED = Health(State.PROGRESSING, "its controller has not processed the change yet")


def healthy_at_once(_: Object) -> Health:
    """Healthy as soon as it is there, though Argo CD looks at its status."""
    return HEALTHY


def by_condition(status: Status, type_: str) -> Health:
    """By one condition: true is healthy, false is degraded."""
    found = status.condition(type_)
    message = found.message or found.reason
    if found.status == "True":
        return HEALTHY
    return Health(State.DEGRADED if found.status == "False" else State.PROGRESSING, message)
