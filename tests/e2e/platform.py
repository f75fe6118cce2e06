"""What the platform's own repository puts on the cluster, and the apps refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ops.cluster.kinds import Document
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
    },
}
ISSUER: Document = {
    "apiVersion": "cert-manager.io/v1",
    "kind": "ClusterIssuer",
    "metadata": {"name": "letsencrypt-prod"},
    "spec": {"selfSigned": {}},
}


def furnish(cluster: Cluster) -> None:
    """Create the shared PostgreSQL cluster and the issuer, empty as on the first day."""
    for document in (DATABASES, POSTGRES, ISSUER):
        cluster.create(document)
