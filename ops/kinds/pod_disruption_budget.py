"""PodDisruptionBudget: how many pods a drain may take at once."""

from ops.kinds.description.changes import NEW
from ops.kinds.description.effect import Effect
from ops.kinds.description.health import healthy_at_once
from ops.kinds.description.kind import Data, Owner, not_rendered
from ops.kinds.description.rule import Rule
from ops.kinds.description.sources import DISRUPTIONS
from ops.objects.base import Object

KIND = not_rendered(
    kind="PodDisruptionBudget",
    group="policy",
    version="v1",
    plural="poddisruptionbudgets",
    namespaced=True,
    model=Object,
    owner=Owner.OPTIONAL,
    pods=None,
    holds=Data.NONE,
    health=healthy_at_once,
    apply_order=5,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(
        Rule("spec", Effect.IN_PLACE, "a limit for pods; no pod restarts", DISRUPTIONS),
        NEW,
    ),
)
