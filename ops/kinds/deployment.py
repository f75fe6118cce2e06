"""Deployment: the pods that serve."""

from collections.abc import Sequence

from ops.kinds.description.changes import (
    NEW,
    POD_TEMPLATE,
    SCALING,
    SELECTOR_IS_IMMUTABLE,
    next_rollout,
    rolls,
)
from ops.kinds.description.effect import Effect
from ops.kinds.description.health import HEALTHY, NOT_OBSERVED, Health, State
from ops.kinds.description.kind import Data, Kind, Owner, Pods, Stage, Tree, no_references
from ops.kinds.description.pod_fields import template
from ops.kinds.description.sources import DEPLOYMENTS
from ops.kinds.persistent_volume_claim import PersistentVolumeClaim
from ops.objects.base import IntOrString, LabelSelector, Object, Part, Status
from ops.objects.pod_spec import PodTemplate
from railiance.annotations import COMPONENT, WORKER


class RollingUpdate(Part, frozen=True):
    """How many pods may be missing, and how many too many, while they are replaced."""

    max_unavailable: IntOrString = "25%"
    max_surge: IntOrString = "25%"


class Strategy(Part, frozen=True):
    """How pods are replaced."""

    type: str = ""
    rolling_update: RollingUpdate = RollingUpdate()


class DeploymentSpec(Part, frozen=True):
    """What runs, and how often."""

    template: PodTemplate = PodTemplate()
    selector: LabelSelector = LabelSelector()
    replicas: int = 1
    strategy: Strategy = Strategy()


class DeploymentStatus(Status, frozen=True):
    """How far a rollout is."""

    replicas: int = 0
    updated_replicas: int = 0
    available_replicas: int = 0
    ready_replicas: int = 0


class Deployment(Object, frozen=True):
    """A Deployment."""

    spec: DeploymentSpec = DeploymentSpec()
    status: DeploymentStatus = DeploymentStatus()


def health(deployment: Deployment) -> Health:
    """Healthy once all pods are new and available."""
    status, wanted = deployment.status, deployment.spec.replicas
    progressing = status.condition("Progressing")
    if progressing.status == "False" and progressing.reason == "ProgressDeadlineExceeded":
        return Health(State.DEGRADED, progressing.message or progressing.reason)
    if status.observed_generation < deployment.metadata.generation:
        return NOT_OBSERVED
    if {status.updated_replicas, status.available_replicas, status.replicas} == {wanted}:
        return HEALTHY
    counts = f"{status.updated_replicas} of {wanted} new pods"
    return Health(State.PROGRESSING, f"{counts}, {status.available_replicas} available")


def rollout(deployment: Deployment, claims: Sequence[PersistentVolumeClaim]) -> tuple[Effect, str]:
    """Whether a moment comes without a ready pod."""
    spec = deployment.spec
    if spec.replicas == 0:
        return Effect.IN_PLACE, "it runs no pods"
    modes = _access_modes(deployment, claims)
    unavailable = _share(spec.strategy.rolling_update.max_unavailable, spec.replicas)
    is_reached = not is_worker(deployment)
    probed = all(container.readiness_probe for container in spec.template.spec.containers)
    gaps = {
        "strategy Recreate ends the old pods before new ones start": spec.strategy.type
        == "Recreate",
        "a ReadWriteOncePod volume is free for the new pod only when the old one has ended": (
            "ReadWriteOncePod" in modes
        ),
        f"maxUnavailable allows all {spec.replicas} pods to stop at once": spec.replicas
        <= unavailable,
        "without a readinessProbe a pod counts as ready before it can answer": (
            is_reached and not probed
        ),
    }
    for reason, is_so in gaps.items():
        if is_so:
            return Effect.ROLLS_WITH_GAP, reason
    shared = ", sharing its ReadWriteOnce volume on one node" if "ReadWriteOnce" in modes else ""
    state = "are ready" if is_reached else "run"
    return Effect.ROLLS, f"the new pods {state} before the last old one ends{shared}"


def is_worker(deployment: Deployment) -> bool:
    """Whether its pods are a worker's: nobody connects to them."""
    return deployment.metadata.labels.get(COMPONENT, "").startswith(WORKER)


def ends(deployment: Deployment) -> str:
    """How long a worker may finish its task; what web pods answer ends within seconds."""
    seconds = deployment.spec.template.spec.termination_grace_period_seconds
    return f"a task in progress has {seconds:,} s to finish" if is_worker(deployment) else ""


def _access_modes(deployment: Deployment, claims: Sequence[PersistentVolumeClaim]) -> set[str]:
    mounted = deployment.spec.template.spec.claims
    return {mode for claim in claims if claim.name in mounted for mode in claim.spec.access_modes}


def _share(value: IntOrString, replicas: int) -> int:
    """What maxUnavailable comes to; percentages are rounded down."""
    text = str(value)
    if text.endswith("%") and text[:-1].isdigit():
        return int(text[:-1]) * replicas // 100
    return int(text) if text.isdigit() else 0


KIND = Kind(
    kind="Deployment",
    group="apps",
    version="v1",
    plural="deployments",
    namespaced=True,
    model=Deployment,
    owner=Owner.APP,
    fields=Tree.from_paths(
        *("spec.replicas", "spec.revisionHistoryLimit", "spec.progressDeadlineSeconds"),
        *("spec.selector.matchLabels.*", "spec.strategy.*"),
        *template("spec"),
    ),
    guarded=False,
    needed=True,
    stage=Stage.PODS,
    kept=(),
    pods=Pods(
        template=lambda deployment: deployment.spec.template,
        labels=lambda deployment: deployment.spec.selector.match_labels,
        rollout=rollout,
        ends=ends,
    ),
    refers_to=no_references,
    holds=Data.NONE,
    health=health,
    apply_order=27,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(
        *POD_TEMPLATE,
        rolls(f"{DEPLOYMENTS}#updating-a-deployment"),
        SELECTOR_IS_IMMUTABLE,
        *SCALING,
        next_rollout(
            "spec.strategy spec.minReadySeconds spec.revisionHistoryLimit spec.paused"
            " spec.progressDeadlineSeconds",
            f"{DEPLOYMENTS}#writing-a-deployment-spec",
        ),
        NEW,
    ),
)
