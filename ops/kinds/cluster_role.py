"""ClusterRole: rights towards the API server."""

from ops.kinds.description.changes import EXPOSES_WHEN_CREATED
from ops.kinds.description.effect import Effect
from ops.kinds.description.kind import Data, Owner, not_rendered
from ops.kinds.description.rule import Rule
from ops.kinds.description.sources import RBAC
from ops.objects.base import Object

KIND = not_rendered(
    kind="ClusterRole",
    group="rbac.authorization.k8s.io",
    version="v1",
    plural="clusterroles",
    namespaced=False,
    model=Object,
    owner=Owner.RIGHTS,
    pods=None,
    holds=Data.NONE,
    health=None,
    apply_order=14,
    recreated=Effect.EXPOSES,
    changes=(
        Rule("rules aggregationRule", Effect.EXPOSES, "who may do what with the API", RBAC),
        EXPOSES_WHEN_CREATED,
    ),
)
