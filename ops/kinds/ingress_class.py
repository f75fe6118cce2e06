"""IngressClass: which controller serves an Ingress."""

from ops.kinds.description.changes import EXPOSES_WHEN_CREATED
from ops.kinds.description.effect import Effect
from ops.kinds.description.kind import Data, Owner, not_rendered
from ops.kinds.description.rule import Rule
from ops.kinds.description.sources import INGRESSES
from ops.objects.base import Object

KIND = not_rendered(
    kind="IngressClass",
    group="networking.k8s.io",
    version="v1",
    plural="ingressclasses",
    namespaced=False,
    model=Object,
    owner=Owner.PLATFORM,
    pods=None,
    holds=Data.NONE,
    health=None,
    apply_order=32,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(
        Rule("spec", Effect.EXPOSES, "which controller serves the hosts", INGRESSES),
        EXPOSES_WHEN_CREATED,
    ),
)
