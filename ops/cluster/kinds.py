"""The kinds of documents that are read and written on a cluster, as the plain dicts they are.

lightkube's typed models know the fields of one Kubernetes version and drop any
other; its generic resources keep a document as the API server gave it.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from lightkube.generic_resource import (
    create_global_resource,
    create_namespaced_resource,
)

from ops.errors import ClusterError

Document: TypeAlias = dict[str, Any]
Resource: TypeAlias = Any
"""lightkube's overloads tell namespaced from cluster-wide kinds; a table of both meets neither."""

CLUSTER_WIDE = (
    ("", "v1", "Namespace", "namespaces"),
    ("", "v1", "Node", "nodes"),
    ("", "v1", "PersistentVolume", "persistentvolumes"),
    ("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions"),
    ("cert-manager.io", "v1", "ClusterIssuer", "clusterissuers"),
    ("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles"),
    ("storage.k8s.io", "v1", "StorageClass", "storageclasses"),
)
NAMESPACED = (
    ("", "v1", "ConfigMap", "configmaps"),
    ("", "v1", "Event", "events"),
    ("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims"),
    ("", "v1", "Pod", "pods"),
    ("", "v1", "Secret", "secrets"),
    ("", "v1", "Service", "services"),
    ("", "v1", "ServiceAccount", "serviceaccounts"),
    ("apps", "v1", "Deployment", "deployments"),
    ("argoproj.io", "v1alpha1", "AppProject", "appprojects"),
    ("argoproj.io", "v1alpha1", "Application", "applications"),
    ("apps", "v1", "ReplicaSet", "replicasets"),
    ("batch", "v1", "Job", "jobs"),
    ("cert-manager.io", "v1", "Certificate", "certificates"),
    ("coordination.k8s.io", "v1", "Lease", "leases"),
    ("networking.k8s.io", "v1", "Ingress", "ingresses"),
    ("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies"),
    ("postgresql.cnpg.io", "v1", "Backup", "backups"),
    ("postgresql.cnpg.io", "v1", "Cluster", "clusters"),
    ("postgresql.cnpg.io", "v1", "Database", "databases"),
    ("postgresql.cnpg.io", "v1", "ScheduledBackup", "scheduledbackups"),
    ("traefik.io", "v1alpha1", "Middleware", "middlewares"),
)

PATHS: dict[str, str] = {
    kind: f"/apis/{group}/{version}/{plural}" if group else f"/api/{version}/{plural}"
    for group, version, kind, plural in (*CLUSTER_WIDE, *NAMESPACED)
}
RESOURCES: dict[str, Resource] = {
    **{row[2]: create_global_resource(*row) for row in CLUSTER_WIDE},
    **{row[2]: create_namespaced_resource(*row) for row in NAMESPACED},
}


def resource(kind: str) -> Resource:
    """How documents of a kind are asked for; ClusterError for one that nobody has added."""
    try:
        return RESOURCES[kind]
    except KeyError as error:
        raise ClusterError(f"{kind} is a kind that ops does not know") from error


def add(api_version: str, kind: str, served: Document) -> None:
    """Adds a kind that an app renders beyond those listed here, as the API server describes it."""
    group, _, version = api_version.rpartition("/")
    create = create_namespaced_resource if served["namespaced"] else create_global_resource
    RESOURCES[kind] = create(group, version, kind, served["name"])


def is_cluster_wide(kind: str) -> bool:
    """Whether documents of this kind have no namespace."""
    return any(row[2] == kind for row in CLUSTER_WIDE)
