"""CloudNativePG's operator from its own release manifest, and the shared Cluster apps-pg."""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING

from box import programs
from box.cluster import CNPG, read
from box.platform.apply import (
    Document,
    apply,
    apply_once_admitted,
    get,
    wait,
    wait_for_deployment,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

OPERATOR_NAMESPACE = "cnpg-system"
OPERATOR = "cnpg-controller-manager"
IMAGE_NAME = "OPERATOR_IMAGE_NAME"

NAMESPACE = "databases"
CLUSTER = "apps-pg"
CLIENT_LABEL = "railiance.io/postgres-client"
POSTGRES_PORT, STATUS_PORT = 5432, 8000


def install_operator(kubeconfig: Path, image: str, release: tuple[str, str] = CNPG) -> None:
    """Apply the release manifest of a pinned version, and wait for the operator.

    It differs from the manifest in the image, in the pull policy, which avoids the registry, and in
    the CPU limit of 0.1 cores, which is removed because the operator's start would take 30 s.
    """
    apply(kubeconfig, operator_documents(image, release))
    wait_for_deployment(kubeconfig, OPERATOR_NAMESPACE, OPERATOR)


def operator_documents(image: str, release: tuple[str, str] = CNPG) -> Iterator[Document]:
    """The release manifest with our image."""
    version = programs.version_of(*release).removeprefix("v")
    manifest = programs.module_folder(*release) / "releases" / f"cnpg-{version}.yaml"
    for document in read(manifest):
        if document["kind"] == "Deployment":
            container = document["spec"]["template"]["spec"]["containers"][0]
            container |= {"image": image, "imagePullPolicy": "IfNotPresent"}
            container["resources"]["limits"].pop("cpu")
            next(each for each in container["env"] if each["name"] == IMAGE_NAME)["value"] = image
        yield document


def install_cluster(
    kubeconfig: Path, passwords: Mapping[str, str], image: str, storage_class: str = "local-path"
) -> None:
    """Create apps-pg like the platform's repository, with a role per password; wait for both.

    A role may only log in; its password is in a Secret of type basic-auth.
    """
    apply(kubeconfig, [namespace(), *network_policies(), *map(credentials, passwords.items())])
    apply_once_admitted(kubeconfig, [cluster(list(passwords), image, storage_class)])
    wait(
        kubeconfig,
        NAMESPACE,
        "clusters.postgresql.cnpg.io",
        CLUSTER,
        lambda live: is_healthy(live) and reconciled_roles(live) >= set(passwords),
    )


def password_of(kubeconfig: Path, role: str) -> str:
    """The existing password of a role, or a new one."""
    secret = get(kubeconfig, NAMESPACE, "secret", secret_name(role))
    kept = secret.get("data", {}).get("password", "")
    return base64.b64decode(kept).decode() or secrets.token_urlsafe(24)


def namespace() -> Document:
    """The namespace of the shared Cluster and of every app's Database."""
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}


def credentials(role: tuple[str, str]) -> Document:
    """The Secret with a role's password, as CloudNativePG expects it."""
    name, password = role
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": secret_name(name),
            "namespace": NAMESPACE,
            # Without it, CloudNativePG notices a changed password only at the next reconciliation.
            "labels": {"cnpg.io/reload": "true"},
        },
        "type": "kubernetes.io/basic-auth",
        "stringData": {"username": name, "password": password},
    }


def secret_name(role: str) -> str:
    """The platform's name for the Secret of a role."""
    return f"{role.replace('_', '-')}-app-credentials"


def cluster(roles: list[str], image: str, storage_class: str) -> Document:
    """One instance of PostgreSQL 16 with 10 GiB."""
    return {
        "apiVersion": "postgresql.cnpg.io/v1",
        "kind": "Cluster",
        "metadata": {"name": CLUSTER, "namespace": NAMESPACE},
        "spec": {
            "instances": 1,
            "imageName": image,
            "storage": {"size": "10Gi", "storageClass": storage_class},
            "managed": {"roles": [role(name) for name in roles]},
            "postgresql": {"pg_hba": [line for name in roles for line in access(name)]},
        },
    }


def role(name: str) -> Document:
    """A role that may log in but is no superuser and cannot create databases or roles."""
    return {
        "name": name,
        "ensure": "present",
        "login": True,
        "passwordSecret": {"name": secret_name(name)},
    }


def access(role_name: str) -> list[str]:
    """The role may connect only to the database of its name, with or without the suffix _db.

    By default, PostgreSQL lets every role connect to every database.
    Source: PostgreSQL 16, "The pg_hba.conf File".
    """
    return [
        f'host "/^{role_name}(_db)?$" {role_name} all scram-sha-256',
        f"host all {role_name} all reject",
    ]


def network_policies() -> list[Document]:
    """PostgreSQL for namespaces with the label; the instances for their operator."""
    clients = {"namespaceSelector": {"matchLabels": {CLIENT_LABEL: CLUSTER}}}
    operator = {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": OPERATOR_NAMESPACE}}
    }
    instances: Document = {"podSelector": {}}
    return [
        network_policy("clients", [clients], [POSTGRES_PORT]),
        network_policy("operator", [operator, instances], [POSTGRES_PORT, STATUS_PORT]),
    ]


def network_policy(name: str, sources: list[Document], ports: list[int]) -> Document:
    """Allows only these sources to reach these ports of the Cluster's pods."""
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": f"{CLUSTER}-{name}", "namespace": NAMESPACE},
        "spec": {
            "podSelector": {"matchLabels": {"cnpg.io/cluster": CLUSTER}},
            "policyTypes": ["Ingress"],
            "ingress": [
                {"from": sources, "ports": [{"protocol": "TCP", "port": port} for port in ports]}
            ],
        },
    }


def is_healthy(live: Document) -> bool:
    """Whether the operator reports all instances as ready."""
    status = live.get("status", {})
    return bool(status.get("readyInstances")) and status["readyInstances"] == status["instances"]


def reconciled_roles(live: Document) -> set[str]:
    """The roles that match their declaration in the database."""
    by_status = live.get("status", {}).get("managedRolesStatus", {}).get("byStatus", {})
    return set(by_status.get("reconciled") or [])
