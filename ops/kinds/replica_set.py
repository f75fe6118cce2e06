"""ReplicaSet: made by a Deployment."""

from ops.kinds.description.effect import Effect
from ops.kinds.description.health import HEALTHY, Health, State
from ops.kinds.description.kind import Data, Owner, Pods, ends_silently, not_rendered
from ops.objects.base import LabelSelector, Object, Part, Status
from ops.objects.pod_spec import PodTemplate


class ReplicaSetSpec(Part, frozen=True):
    """What runs, and how often."""

    template: PodTemplate = PodTemplate()
    selector: LabelSelector = LabelSelector()
    replicas: int = 1


class ReplicaSetStatus(Status, frozen=True):
    """How many pods there are."""

    available_replicas: int = 0


class ReplicaSet(Object, frozen=True):
    """A ReplicaSet."""

    spec: ReplicaSetSpec = ReplicaSetSpec()
    status: ReplicaSetStatus = ReplicaSetStatus()


def health(replica_set: ReplicaSet) -> Health:
    """Healthy once all pods are available."""
    available, wanted = replica_set.status.available_replicas, replica_set.spec.replicas
    if available >= wanted:
        return HEALTHY
    return Health(State.PROGRESSING, f"{available} of {wanted} pods available")


KIND = not_rendered(
    kind="ReplicaSet",
    group="apps",
    version="v1",
    plural="replicasets",
    namespaced=True,
    model=ReplicaSet,
    owner=Owner.PLATFORM,
    pods=Pods(
        template=lambda replica_set: replica_set.spec.template,
        labels=lambda replica_set: replica_set.spec.selector.match_labels,
        rollout=None,
        ends=ends_silently,
    ),
    holds=Data.NONE,
    health=health,
    apply_order=26,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(),
)
