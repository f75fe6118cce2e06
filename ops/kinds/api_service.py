"""APIService: which server answers for a part of the API."""

from ops.kinds.description.changes import EXPOSES_WHEN_CREATED
from ops.kinds.description.effect import Effect
from ops.kinds.description.health import healthy_at_once
from ops.kinds.description.kind import Data, Owner, not_rendered
from ops.kinds.description.rule import Rule
from ops.kinds.description.sources import CONCEPTS
from ops.objects.base import Object

KIND = not_rendered(
    kind="APIService",
    group="apiregistration.k8s.io",
    version="v1",
    plural="apiservices",
    namespaced=False,
    model=Object,
    owner=Owner.PLATFORM,
    pods=None,
    holds=Data.NONE,
    health=healthy_at_once,
    apply_order=34,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(
        Rule(
            "spec",
            Effect.EXPOSES,
            "which server answers for a part of the API",
            f"{CONCEPTS}extend-kubernetes/api-extension/apiserver-aggregation/",
        ),
        EXPOSES_WHEN_CREATED,
    ),
)
