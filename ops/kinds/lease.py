"""Lease: the lock of an app's deploys."""

from ops.kinds.description.effect import Effect
from ops.kinds.description.kind import Data, Owner, not_rendered
from ops.objects.base import Object, Part


class LeaseSpec(Part, frozen=True):
    """Who holds it, and until when."""

    holder_identity: str = ""
    lease_duration_seconds: int = 0
    acquire_time: str = ""
    renew_time: str = ""


class Lease(Object, frozen=True):
    """A Lease."""

    spec: LeaseSpec = LeaseSpec()


KIND = not_rendered(
    kind="Lease",
    group="coordination.k8s.io",
    version="v1",
    plural="leases",
    namespaced=True,
    model=Lease,
    owner=Owner.PLATFORM,
    pods=None,
    holds=Data.NONE,
    health=None,
    apply_order=None,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(),
)
