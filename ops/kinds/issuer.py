"""cert-manager's Issuer: who issues certificates in one namespace."""

from ops.kinds.description.changes import EXPOSES_WHEN_CREATED
from ops.kinds.description.effect import Effect
from ops.kinds.description.health import Health, by_condition
from ops.kinds.description.kind import Data, Owner, not_rendered
from ops.kinds.description.rule import Rule
from ops.kinds.description.sources import CERT_MANAGER
from ops.objects.base import Object, Status


class Issuer(Object, frozen=True):
    """An Issuer."""

    status: Status = Status()


def health(issuer: Issuer) -> Health:
    """Healthy once it is ready to issue."""
    return by_condition(issuer.status, "Ready")


KIND = not_rendered(
    kind="Issuer",
    group="cert-manager.io",
    version="v1",
    plural="issuers",
    namespaced=True,
    model=Issuer,
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
