"""ResourceQuota: what a namespace may use."""

from ops.kinds.description.changes import NEW
from ops.kinds.description.effect import Effect
from ops.kinds.description.kind import Data, Owner, not_rendered
from ops.kinds.description.rule import Rule
from ops.kinds.description.sources import DISRUPTIONS
from ops.objects.base import Object

KIND = not_rendered(
    kind="ResourceQuota",
    group="",
    version="v1",
    plural="resourcequotas",
    namespaced=True,
    model=Object,
    owner=Owner.PLATFORM,
    pods=None,
    holds=Data.NONE,
    health=None,
    apply_order=2,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(
        Rule("spec", Effect.IN_PLACE, "a limit for pods; no pod restarts", DISRUPTIONS),
        NEW,
    ),
)
