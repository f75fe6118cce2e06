"""ClusterRoleBinding: who has the rights of a role."""

from ops.kinds.description.changes import EXPOSES_WHEN_CREATED
from ops.kinds.description.effect import Effect
from ops.kinds.description.kind import Data, Owner, not_rendered
from ops.kinds.description.rule import Rule
from ops.kinds.description.sources import RBAC
from ops.objects.base import Object

KIND = not_rendered(
    kind="ClusterRoleBinding",
    group="rbac.authorization.k8s.io",
    version="v1",
    plural="clusterrolebindings",
    namespaced=False,
    model=Object,
    owner=Owner.RIGHTS,
    pods=None,
    holds=Data.NONE,
    health=None,
    apply_order=16,
    recreated=Effect.EXPOSES,
    changes=(
        Rule("roleRef", Effect.REFUSED, "a binding's role is immutable", RBAC),
        Rule("subjects", Effect.EXPOSES, "who may do what with the API", RBAC),
        EXPOSES_WHEN_CREATED,
    ),
)
