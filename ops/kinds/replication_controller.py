"""ReplicationController: what Deployments have replaced."""

from ops.kinds.description.effect import Effect
from ops.kinds.description.kind import Data, Owner, Pods, ends_silently, not_rendered
from ops.objects.base import Object, Part
from ops.objects.pod_spec import PodTemplate


class ReplicationControllerSpec(Part, frozen=True):
    """What runs."""

    template: PodTemplate = PodTemplate()
    selector: dict[str, str] = {}


class ReplicationController(Object, frozen=True):
    """A ReplicationController."""

    spec: ReplicationControllerSpec = ReplicationControllerSpec()


KIND = not_rendered(
    kind="ReplicationController",
    group="",
    version="v1",
    plural="replicationcontrollers",
    namespaced=True,
    model=ReplicationController,
    owner=Owner.PLATFORM,
    pods=Pods(
        template=lambda controller: controller.spec.template,
        labels=lambda controller: controller.spec.selector,
        rollout=None,
        ends=ends_silently,
    ),
    holds=Data.NONE,
    health=None,
    apply_order=25,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(),
)
