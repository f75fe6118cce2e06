"""PriorityClass: which pods are evicted first."""

from ops.kinds.description.changes import NEW
from ops.kinds.description.effect import Effect
from ops.kinds.description.kind import Data, Owner, not_rendered
from ops.kinds.description.rule import Rule
from ops.kinds.description.sources import VALIDATION
from ops.objects.base import Object

KIND = not_rendered(
    kind="PriorityClass",
    group="scheduling.k8s.io",
    version="v1",
    plural="priorityclasses",
    namespaced=False,
    model=Object,
    owner=Owner.PLATFORM,
    pods=None,
    holds=Data.NONE,
    health=None,
    apply_order=None,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(
        Rule(
            "value preemptionPolicy",
            Effect.REFUSED,
            "immutable in a PriorityClass",
            f"{VALIDATION}scheduling/validation/validation.go",
        ),
        NEW,
    ),
)
