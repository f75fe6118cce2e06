"""Pod: made by what an app renders, never rendered itself."""

from ops.kinds.description.effect import Effect
from ops.kinds.description.health import HEALTHY, Health, State
from ops.kinds.description.kind import Data, Owner, Pods, ends_silently, not_rendered
from ops.objects.base import Object, Part, Status
from ops.objects.pod_spec import PodSpec, PodTemplate, TemplateMeta


class Waiting(Part, frozen=True):
    """Why a container waits."""

    reason: str = ""
    message: str = ""


class Terminated(Part, frozen=True):
    """How a container ended."""

    reason: str = ""
    exit_code: int = 0
    finished_at: str = ""


class Running(Part, frozen=True):
    """A container runs."""

    started_at: str = ""


class ContainerState(Part, frozen=True):
    """One of three."""

    waiting: Waiting | None = None
    running: Running | None = None
    terminated: Terminated | None = None

    @property
    def reason(self) -> str:
        """Why a container waits or has ended; empty for one that runs."""
        found = self.waiting or self.terminated
        return found.reason if found else ""


class ContainerStatus(Part, frozen=True):
    """What is reported of one container."""

    name: str = ""
    ready: bool = False
    restart_count: int = 0
    state: ContainerState = ContainerState()
    last_state: ContainerState = ContainerState()


class PodStatus(Status, frozen=True):
    """What is reported of a pod."""

    phase: str = ""
    reason: str = ""
    message: str = ""
    init_container_statuses: list[ContainerStatus] = []
    container_statuses: list[ContainerStatus] = []

    @property
    def containers(self) -> list[ContainerStatus]:
        """All containers, in the order in which they start."""
        return [*self.init_container_statuses, *self.container_statuses]


class Pod(Object, frozen=True):
    """A Pod."""

    spec: PodSpec = PodSpec()
    status: PodStatus = PodStatus()

    @property
    def is_ready(self) -> bool:
        """Whether it gets requests."""
        return self.status.condition("Ready").status == "True"

    @property
    def restarts(self) -> int:
        """How often its containers have been restarted."""
        return sum(container.restart_count for container in self.status.containers)


def health(pod: Pod) -> Health:
    """Healthy once it is ready, or has succeeded."""
    if pod.is_ready or pod.status.phase == "Succeeded":
        return HEALTHY
    if pod.status.phase == "Failed":
        return Health(State.DEGRADED, pod.status.message or pod.status.reason)
    return Health(State.PROGRESSING, pod.status.phase)


def _as_template(pod: Pod) -> PodTemplate:
    metadata = TemplateMeta(labels=pod.metadata.labels, annotations=pod.metadata.annotations)
    return PodTemplate(metadata=metadata, spec=pod.spec)


KIND = not_rendered(
    kind="Pod",
    group="",
    version="v1",
    plural="pods",
    namespaced=True,
    model=Pod,
    owner=Owner.PLATFORM,
    pods=Pods(
        template=_as_template,
        labels=lambda pod: pod.metadata.labels,
        rollout=None,
        ends=ends_silently,
    ),
    holds=Data.NONE,
    health=health,
    apply_order=24,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(),
)
