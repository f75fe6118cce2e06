"""DaemonSet: a pod on each node, which is the platform's to run."""

from collections.abc import Sequence
from typing import Any

from ops.kinds.description.changes import (
    NEW,
    ON_DELETE,
    POD_TEMPLATE,
    SELECTOR_IS_IMMUTABLE,
    next_rollout,
    rolls,
)
from ops.kinds.description.effect import Effect
from ops.kinds.description.health import HEALTHY, NOT_OBSERVED, Health, State
from ops.kinds.description.kind import Data, Owner, Pods, ends_silently, not_rendered
from ops.kinds.description.sources import DAEMON_SETS
from ops.objects.base import IntOrString, LabelSelector, Object, Part, Status
from ops.objects.pod_spec import PodTemplate


class RollingUpdate(Part, frozen=True):
    """How many pods there may be too many on a node while they are replaced."""

    max_surge: IntOrString = 0


class UpdateStrategy(Part, frozen=True):
    """How pods are replaced."""

    type: str = "RollingUpdate"
    rolling_update: RollingUpdate = RollingUpdate()


class DaemonSetSpec(Part, frozen=True):
    """What runs on each node."""

    template: PodTemplate = PodTemplate()
    selector: LabelSelector = LabelSelector()
    update_strategy: UpdateStrategy = UpdateStrategy()


class DaemonSetStatus(Status, frozen=True):
    """How far an update is."""

    desired_number_scheduled: int = 0
    updated_number_scheduled: int = 0
    number_available: int = 0


class DaemonSet(Object, frozen=True):
    """A DaemonSet."""

    spec: DaemonSetSpec = DaemonSetSpec()
    status: DaemonSetStatus = DaemonSetStatus()


def health(daemon_set: DaemonSet) -> Health:
    """Healthy once the pods on all nodes are new and available."""
    status = daemon_set.status
    if status.observed_generation < daemon_set.metadata.generation:
        return NOT_OBSERVED
    wanted = status.desired_number_scheduled
    if min(status.updated_number_scheduled, status.number_available) < wanted:
        return Health(State.PROGRESSING, f"{status.number_available} of {wanted} available")
    return HEALTHY


def rollout(daemon_set: DaemonSet, _claims: Sequence[Any]) -> tuple[Effect, str]:
    """Whether a moment comes without a ready pod on a node."""
    strategy = daemon_set.spec.update_strategy
    if strategy.type == "OnDelete":
        return ON_DELETE
    if strategy.rolling_update.max_surge not in (0, "0", "0%"):
        return Effect.ROLLS, "a node's new pod is ready before its old one ends"
    return Effect.ROLLS_WITH_GAP, "a node's pod ends before the new one starts there"


KIND = not_rendered(
    kind="DaemonSet",
    group="apps",
    version="v1",
    plural="daemonsets",
    namespaced=True,
    model=DaemonSet,
    owner=Owner.PLATFORM,
    pods=Pods(
        template=lambda daemon_set: daemon_set.spec.template,
        labels=lambda daemon_set: daemon_set.spec.selector.match_labels,
        rollout=rollout,
        ends=ends_silently,
    ),
    holds=Data.NONE,
    health=health,
    apply_order=23,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(
        *POD_TEMPLATE,
        rolls(DAEMON_SETS),
        SELECTOR_IS_IMMUTABLE,
        next_rollout(
            "spec.updateStrategy spec.minReadySeconds spec.revisionHistoryLimit", DAEMON_SETS
        ),
        NEW,
    ),
)
