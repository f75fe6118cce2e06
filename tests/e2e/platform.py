"""What the platform's own repository puts on the cluster, and the apps refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from box.poll import until
from tests.e2e.actors import PUBLIC_ADDRESS, healthy

if TYPE_CHECKING:
    from ops.objects.base import Document
    from tests.e2e.cluster import Cluster

DATABASES: Document = {
    "apiVersion": "v1",
    "kind": "Namespace",
    "metadata": {"name": "databases"},
}
POSTGRES: Document = {
    "apiVersion": "postgresql.cnpg.io/v1",
    "kind": "Cluster",
    "metadata": {"name": "apps-pg", "namespace": "databases"},
    "spec": {
        "instances": 1,
        "storage": {"size": "10Gi"},
        "managed": {"roles": [{"name": "vergabe", "login": True}]},
        "postgresql": {
            "pg_hba": [
                "host vergabe_db vergabe all scram-sha-256",
                "host all vergabe all reject",
            ]
        },
    },
}
ISSUER: Document = {
    "apiVersion": "cert-manager.io/v1",
    "kind": "ClusterIssuer",
    "metadata": {"name": "letsencrypt-prod"},
    "spec": {"selfSigned": {}},
}


TRAEFIK: Document = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "traefik", "namespace": "kube-system"},
    "spec": {"type": "LoadBalancer", "ports": [{"port": 80}]},
}


TRAEFIK_POD: Document = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {
        "name": "traefik",
        "namespace": "kube-system",
        "labels": {"app.kubernetes.io/name": "traefik"},
    },
    "spec": {
        "containers": [
            {
                "name": "traefik",
                "image": "traefik",
                "args": ["--entryPoints.websecure.transport.respondingTimeouts.readTimeout=600s"],
            }
        ]
    },
}
"""It never runs; its arguments are read."""
ACCOUNT_TIMEOUT_SECONDS = 60.0


def furnish(cluster: Cluster) -> None:
    """Create what the apps stand on, at work and with nothing of an app, as on the first day."""
    # A new cluster creates it some seconds after its start, and refuses pods until then.
    until(
        lambda: cluster.get("ServiceAccount", "default", "kube-system") is not None,
        "kube-system has its default ServiceAccount",
        ACCOUNT_TIMEOUT_SECONDS,
    )
    for document in (DATABASES, POSTGRES, ISSUER, TRAEFIK, TRAEFIK_POD):
        cluster.create(document)
    cluster.patch_status(POSTGRES, healthy(POSTGRES))
    cluster.patch_status(ISSUER, {"conditions": [ready("True", "issued before")]})
    cluster.patch_status(TRAEFIK, at(PUBLIC_ADDRESS))


def ready(status: str, message: str) -> Document:
    """What cert-manager reports of an issuer."""
    return {"type": "Ready", "status": status, "message": message}


def at(address: str) -> Document:
    """What a Service's load balancer, or Traefik of an Ingress, reports."""
    return {"loadBalancer": {"ingress": [{"ip": address}]}}
