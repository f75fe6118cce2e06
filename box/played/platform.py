"""What the platform's own repository puts on the cluster, and the apps refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from box.played.controllers import at, healthy
from box.poll import until

if TYPE_CHECKING:
    from collections.abc import Mapping

    from box.played.objects import Objects
    from ops.objects.base import Document
    from railiance.platform import Platform

ACCOUNT_TIMEOUT_SECONDS = 60.0


def namespace(platform: Platform) -> Document:
    """The Namespace of the shared PostgreSQL cluster."""
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": platform.postgres_namespace},
    }


def postgres(platform: Platform, owners: Mapping[str, str]) -> Document:
    """The shared PostgreSQL cluster, with the roles that own these databases."""
    roles = [] if platform.declares_roles else sorted(set(owners.values()))
    access = [
        line
        for database, role in owners.items()
        for line in (
            f"host {database} {role} all scram-sha-256",
            f"host all {role} all reject",
        )
    ]
    return {
        "apiVersion": "postgresql.cnpg.io/v1",
        "kind": "Cluster",
        "metadata": {"name": platform.postgres_cluster, "namespace": platform.postgres_namespace},
        "spec": {
            "instances": 1,
            "storage": {"size": "10Gi"},
            "managed": {"roles": [{"name": role, "login": True} for role in roles]},
            "postgresql": {"pg_hba": access},
        },
    }


def issuer(platform: Platform) -> Document:
    """The ClusterIssuer."""
    return {
        "apiVersion": "cert-manager.io/v1",
        "kind": "ClusterIssuer",
        "metadata": {"name": platform.cluster_issuer},
        "spec": {"selfSigned": {}},
    }


def traefik(platform: Platform) -> Document:
    """The ingress controller's Service."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": platform.ingress_class, "namespace": platform.ingress_namespace},
        "spec": {"type": "LoadBalancer", "ports": [{"port": 80}]},
    }


def traefik_pod(platform: Platform) -> Document:
    """The ingress controller's pod. It never runs; its arguments are read."""
    name = platform.ingress_class
    timeout = "--entryPoints.websecure.transport.respondingTimeouts.readTimeout=600s"
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": name,
            "namespace": platform.ingress_namespace,
            "labels": {"app.kubernetes.io/name": name},
        },
        "spec": {"containers": [{"name": name, "image": name, "args": [timeout]}]},
    }


def furnish(objects: Objects, platform: Platform, owners: Mapping[str, str]) -> None:
    """Create what the apps stand on, at work and with nothing of an app, as on the first day.

    `owners` are the roles by the databases that they own.
    """
    # A new cluster creates it some seconds after its start, and refuses pods until then.
    until(
        lambda: objects.get("ServiceAccount", "default", "kube-system") is not None,
        "kube-system has its default ServiceAccount",
        ACCOUNT_TIMEOUT_SECONDS,
    )
    cluster, service = postgres(platform, owners), traefik(platform)
    for document in (
        namespace(platform),
        cluster,
        issuer(platform),
        service,
        traefik_pod(platform),
    ):
        objects.create(document)
    objects.patch_status(cluster, healthy(cluster))
    objects.patch_status(issuer(platform), {"conditions": [ready("True", "issued before")]})
    objects.patch_status(service, at(platform.public_address))


def ready(status: str, message: str) -> Document:
    """What cert-manager reports of an issuer."""
    return {"type": "Ready", "status": status, "message": message}
