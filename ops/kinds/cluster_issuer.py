"""cert-manager's ClusterIssuer: who issues certificates for all namespaces."""

from ops.kinds.description.changes import EXPOSES_WHEN_CREATED
from ops.kinds.description.effect import Effect
from ops.kinds.description.health import Health, by_condition
from ops.kinds.description.kind import Data, Owner, not_rendered
from ops.kinds.description.rule import Rule
from ops.kinds.description.sources import CERT_MANAGER
from ops.objects.base import Object, Status


class ClusterIssuer(Object, frozen=True):
    """A ClusterIssuer."""

    status: Status = Status()


def health(issuer: ClusterIssuer) -> Health:
    """Healthy once it is ready to issue."""
    return by_condition(issuer.status, "Ready")


KIND = not_rendered(
    kind="ClusterIssuer",
    group="cert-manager.io",
    version="v1",
    plural="clusterissuers",
    namespaced=False,
    model=ClusterIssuer,
    owner=Owner.PLATFORM,
    pods=None,
    holds=Data.NONE,
    health=health,
    apply_order=None,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(
        Rule("spec", Effect.EXPOSES, "who issues certificates", f"{CERT_MANAGER}configuration/"),
        EXPOSES_WHEN_CREATED,
    ),
)
