"""LimitRange: the default bounds of a namespace's pods."""

from ops.kinds.description.changes import NEW
from ops.kinds.description.effect import Effect
from ops.kinds.description.kind import Data, Owner, not_rendered
from ops.kinds.description.rule import Rule
from ops.kinds.description.sources import DISRUPTIONS
from ops.objects.base import Object

KIND = not_rendered(
    kind="LimitRange",
    group="",
    version="v1",
    plural="limitranges",
    namespaced=True,
    model=Object,
    owner=Owner.PLATFORM,
    pods=None,
    holds=Data.NONE,
    health=None,
    apply_order=3,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(
        Rule("spec", Effect.IN_PLACE, "a limit for pods; no pod restarts", DISRUPTIONS),
        NEW,
    ),
)
