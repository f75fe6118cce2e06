"""What the platform's own repository puts on the cluster, and the apps refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from box.played import platform
from box.played.controllers import at
from box.played.platform import ready
from tests.frozen import RAILIANCE01

if TYPE_CHECKING:
    from tests.e2e.cluster import Cluster

__all__ = ["DATABASES", "ISSUER", "POSTGRES", "TRAEFIK", "at", "furnish", "ready"]
OWNERS = {"vergabe_db": "vergabe"}
DATABASES = platform.namespace(RAILIANCE01)
POSTGRES = platform.postgres(RAILIANCE01, OWNERS)
ISSUER = platform.issuer(RAILIANCE01)
TRAEFIK = platform.traefik(RAILIANCE01)


def furnish(cluster: Cluster) -> None:
    """Create what the apps stand on, at work and with nothing of an app, as on the first day."""
    platform.furnish(cluster, RAILIANCE01, OWNERS)
