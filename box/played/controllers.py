"""CloudNativePG, cert-manager and Traefik, played by writing the status that they would write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from box.played.objects import Objects
    from ops.objects.base import Document


class Actor(Protocol):
    """Somebody who writes status."""

    def act(self) -> None:
        """Bring every document that is this actor's into the state it asks for."""


class CloudNativePG:
    """Applies every Database and DatabaseRole."""

    def __init__(self, objects: Objects) -> None:
        self.objects = objects

    def act(self) -> None:
        """Report each of them as applied in PostgreSQL."""
        for kind in ("Database", "DatabaseRole"):
            for document in self.objects.all(kind):
                generation = document["metadata"]["generation"]
                applied = {"applied": True, "observedGeneration": generation}
                if document.get("status") != applied:
                    self.objects.patch_status(document, applied)


class CertManager:
    """Issues every Certificate."""

    def __init__(self, objects: Objects) -> None:
        self.objects = objects

    def act(self) -> None:
        """Report each Certificate as issued."""
        for certificate in self.objects.all("Certificate"):
            conditions = certificate.get("status", {}).get("conditions") or []
            if not any(c["type"] == "Ready" and c["status"] == "True" for c in conditions):
                self.objects.patch_status(certificate, issued(certificate))


class Traefik:
    """Publishes every Ingress at the cluster's public address."""

    def __init__(self, objects: Objects, address: str) -> None:
        self.objects, self.address = objects, address

    def act(self) -> None:
        """Report where each Ingress is to be reached."""
        published = at(self.address)
        for ingress in self.objects.all("Ingress"):
            if ingress.get("status") != published:
                self.objects.patch_status(ingress, published)


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


def at(address: str) -> Document:
    """What a Service's load balancer, or Traefik of an Ingress, reports."""
    return {"loadBalancer": {"ingress": [{"ip": address}]}}
