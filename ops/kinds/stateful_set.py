"""StatefulSet: pods with names, and volumes of their own."""

from collections.abc import Iterable, Sequence
from typing import Any

from ops.kinds.description.changes import (
    NEW,
    ON_DELETE,
    POD_TEMPLATE,
    SCALING,
    SELECTOR_IS_IMMUTABLE,
    next_rollout,
    rolls,
)
from ops.kinds.description.effect import Effect
from ops.kinds.description.health import HEALTHY, NOT_OBSERVED, Health, State
from ops.kinds.description.kind import Data, Kind, Owner, Pods, Tree
from ops.kinds.description.pod_fields import template
from ops.kinds.description.reference import Reference
from ops.kinds.description.rule import DELETED, Rule
from ops.kinds.description.sources import APPS_VALIDATION, STATEFUL_SETS
from ops.objects.base import LabelSelector, Object, Part, Status
from ops.objects.pod_spec import PodTemplate


class RollingUpdate(Part, frozen=True):
    """Which pods an update replaces."""

    partition: int = 0
    """Pods with a lower number keep their revision."""


class UpdateStrategy(Part, frozen=True):
    """How pods are replaced."""

    type: str = "RollingUpdate"
    rolling_update: RollingUpdate = RollingUpdate()


class StatefulSetSpec(Part, frozen=True):
    """What runs, and how often."""

    template: PodTemplate = PodTemplate()
    selector: LabelSelector = LabelSelector()
    replicas: int = 1
    service_name: str = ""
    update_strategy: UpdateStrategy = UpdateStrategy()
    volume_claim_templates: list[dict[str, Any]] = []


class StatefulSetStatus(Status, frozen=True):
    """How far an update is."""

    ready_replicas: int = 0
    updated_replicas: int = 0
    current_revision: str = ""
    update_revision: str = ""


class StatefulSet(Object, frozen=True):
    """A StatefulSet."""

    spec: StatefulSetSpec = StatefulSetSpec()
    status: StatefulSetStatus = StatefulSetStatus()


def health(stateful_set: StatefulSet) -> Health:
    """Healthy once all pods are ready, and new unless only a person replaces them."""
    spec, status = stateful_set.spec, stateful_set.status
    if status.observed_generation < stateful_set.metadata.generation:
        return NOT_OBSERVED
    if status.ready_replicas < spec.replicas:
        return Health(State.PROGRESSING, f"{status.ready_replicas} of {spec.replicas} pods ready")
    strategy = spec.update_strategy
    if strategy.type == "OnDelete" or status.current_revision == status.update_revision:
        return HEALTHY
    wanted = spec.replicas - strategy.rolling_update.partition
    if status.updated_replicas < wanted:
        message = f"{status.updated_replicas} of {wanted} pods have the new revision"
        return Health(State.PROGRESSING, message)
    return HEALTHY


def rollout(stateful_set: StatefulSet, _claims: Sequence[Any]) -> tuple[Effect, str]:
    """Whether a moment comes without a ready pod."""
    if stateful_set.spec.update_strategy.type == "OnDelete":
        return ON_DELETE
    if stateful_set.spec.replicas == 1:
        return Effect.ROLLS_WITH_GAP, "its one pod ends before the new one starts"
    return Effect.ROLLS, "one pod after the other; each is unavailable for a while"


def refers_to(stateful_set: StatefulSet) -> Iterable[Reference]:
    """The Service by which its pods have names."""
    name = stateful_set.spec.service_name
    return [Reference("Service", name)] if name else []


def ends(stateful_set: StatefulSet) -> str:
    """What becomes of what its pods hold."""
    if _mounts_claims(stateful_set) or _has_own_claims(stateful_set):
        return "what is on its volume stays there"
    return "what it holds in memory, such as a cache, is lost"


def _mounts_claims(stateful_set: StatefulSet) -> bool:
    return bool(stateful_set.spec.template.spec.claims)


def _has_own_claims(stateful_set: StatefulSet) -> bool:
    return bool(stateful_set.spec.volume_claim_templates)


KIND = Kind(
    kind="StatefulSet",
    group="apps",
    version="v1",
    plural="statefulsets",
    namespaced=True,
    model=StatefulSet,
    owner=Owner.APP,
    fields=Tree.from_paths(
        *("spec.replicas", "spec.revisionHistoryLimit", "spec.serviceName"),
        *("spec.podManagementPolicy", "spec.selector.matchLabels.*", "spec.updateStrategy.*"),
        *template("spec"),
    ),
    guarded=False,
    needed=False,
    stage=None,  # by what it is for: a cache comes before the pods that use it
    kept=(),
    pods=Pods(
        template=lambda stateful_set: stateful_set.spec.template,
        labels=lambda stateful_set: stateful_set.spec.selector.match_labels,
        rollout=rollout,
        ends=ends,
    ),
    refers_to=refers_to,
    holds=Data.DELETES,
    health=health,
    apply_order=29,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(
        *POD_TEMPLATE,
        rolls(f"{STATEFUL_SETS}#update-strategies"),
        SELECTOR_IS_IMMUTABLE,
        *SCALING,
        Rule(
            "spec.persistentVolumeClaimRetentionPolicy",
            Effect.DATA_AT_RISK,
            "decides whether volumes are deleted with the set or when it shrinks",
            f"{STATEFUL_SETS}#persistentvolumeclaim-retention",
        ),
        next_rollout(
            "spec.updateStrategy spec.minReadySeconds spec.revisionHistoryLimit spec.ordinals",
            f"{STATEFUL_SETS}#update-strategies",
        ),
        Rule(
            "spec.volumeClaimTemplates spec.serviceName spec.podManagementPolicy",
            Effect.REFUSED,
            "immutable in a StatefulSet",
            APPS_VALIDATION,
        ),
        NEW,
        Rule(
            DELETED,
            Effect.DATA_AT_RISK,
            "its retention policy decides whether its volumes are deleted",
            f"{STATEFUL_SETS}#persistentvolumeclaim-retention",
            lambda old, _: _has_own_claims(old),
        ),
        Rule(
            DELETED,
            Effect.DATA_AT_RISK,
            "nothing reads its volume any more, such as tasks that wait in a queue",
            STATEFUL_SETS,
            lambda old, _: _mounts_claims(old),
        ),
    ),
)
