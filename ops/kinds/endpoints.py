"""Endpoints: the addresses behind a Service."""

from ops.kinds.description.effect import Effect
from ops.kinds.description.kind import Data, Owner, not_rendered
from ops.objects.base import Object

KIND = not_rendered(
    kind="Endpoints",
    group="",
    version="v1",
    plural="endpoints",
    namespaced=True,
    model=Object,
    owner=Owner.PLATFORM,
    pods=None,
    holds=Data.NONE,
    health=None,
    apply_order=None,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(),
)
