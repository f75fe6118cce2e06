"""The operators that railiance01 has and a box has not, played by writing what they write.

Each actor does once, when told, what its operator does by itself: so a
rehearsal can hold a sync at the very moment before. :func:`acting` lets them
act all the time instead.
"""

from __future__ import annotations

import contextlib
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

import httpx2
from lightkube import ApiError

from tests.e2e.status import is_ready

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.objects.base import Document
    from tests.e2e.cluster import Cluster

INTERVAL_SECONDS = 0.2
PUBLIC_ADDRESS = "92.205.130.254"


class Actor(Protocol):
    """Somebody who writes status."""

    def act(self) -> None:
        """Bring every document that is this actor's into the state it asks for."""


class CloudNativePG:
    """Applies every Database and DatabaseRole."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def act(self) -> None:
        """Report each of them as applied in PostgreSQL."""
        for kind in ("Database", "DatabaseRole"):
            for document in self.cluster.all(kind):
                generation = document["metadata"]["generation"]
                applied = {"applied": True, "observedGeneration": generation}
                if document.get("status") != applied:
                    self.cluster.patch_status(document, applied)


class CertManager:
    """Issues every Certificate."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def act(self) -> None:
        """Report each Certificate as issued."""
        for certificate in self.cluster.all("Certificate"):
            if not is_ready(certificate):
                self.cluster.patch_status(certificate, issued(certificate))


class Traefik:
    """Publishes every Ingress at the cluster's address."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def act(self) -> None:
        """Report where each Ingress is to be reached."""
        published = {"loadBalancer": {"ingress": [{"ip": PUBLIC_ADDRESS}]}}
        for ingress in self.cluster.all("Ingress"):
            if ingress.get("status") != published:
                self.cluster.patch_status(ingress, published)


class Impatience:
    """Gives no Job a second try, where four of them take Kubernetes more than a minute."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def act(self) -> None:
        """Let each Job end with its first failure."""
        for job in self.cluster.all("Job"):
            if job["spec"]["backoffLimit"]:
                self.cluster.patch(job, {"spec": {"backoffLimit": 0}})


def healthy(postgres: Document) -> Document:
    """What CloudNativePG reports of a Cluster that runs, with its roles as they are asked for."""
    roles = postgres["spec"].get("managed", {}).get("roles", [])
    return {
        "phase": "Cluster in healthy state",
        "instances": postgres["spec"]["instances"],
        "readyInstances": postgres["spec"]["instances"],
        "managedRolesStatus": {"byStatus": {"reconciled": [role["name"] for role in roles]}},
    }


def issued(certificate: Document) -> Document:
    """What cert-manager reports once the certificate's secret is there."""
    ready = {
        "type": "Ready",
        "status": "True",
        "reason": "Ready",
        "message": "Certificate is up to date and has not expired",
        "lastTransitionTime": "2026-01-01T00:00:00Z",
        "observedGeneration": certificate["metadata"]["generation"],
    }
    now = datetime.now(UTC).replace(microsecond=0)
    return {
        "conditions": [ready],
        "notBefore": now.isoformat(),
        "notAfter": (now + timedelta(days=90)).isoformat(),
        "renewalTime": (now + timedelta(days=60)).isoformat(),
    }


@contextlib.contextmanager
def acting(*actors: Actor) -> Iterator[None]:
    """Let the actors act all the time, also while the API server is away."""
    stopped = threading.Event()

    def act_until_stopped() -> None:
        while not stopped.wait(INTERVAL_SECONDS):
            for actor in actors:
                # Deleted or changed meanwhile, or nobody there: the next round sees.
                with contextlib.suppress(ApiError, httpx2.TransportError):
                    actor.act()

    thread = threading.Thread(target=act_until_stopped, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
