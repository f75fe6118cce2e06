"""PodTemplate: a template for pods that other programs make."""

from ops.kinds.description.effect import Effect
from ops.kinds.description.kind import Data, Owner, Pods, ends_silently, not_rendered
from ops.objects import pod_spec
from ops.objects.base import Object


class PodTemplate(Object, frozen=True):
    """A PodTemplate."""

    template: pod_spec.PodTemplate = pod_spec.PodTemplate()


KIND = not_rendered(
    kind="PodTemplate",
    group="",
    version="v1",
    plural="podtemplates",
    namespaced=True,
    model=PodTemplate,
    owner=Owner.PLATFORM,
    pods=Pods(
        template=lambda found: found.template,
        labels=lambda found: found.template.metadata.labels,
        rollout=None,
        ends=ends_silently,
    ),
    holds=Data.NONE,
    health=None,
    apply_order=None,
    recreated=Effect.IN_PLACE,
    changes=(),
)
