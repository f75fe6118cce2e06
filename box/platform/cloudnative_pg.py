"""CloudNativePG's operator from its own release manifest, and the shared cluster apps-pg."""

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


def install_operator(kubeconfig: Path, image: str) -> None:
    """Apply the release manifest of the pinned version, and wait for the operator.

    What differs from the manifest is the image; that it is not asked of a registry; and the limit
    of a tenth of a core, under which the operator needs half a minute to start.
    """
    apply(kubeconfig, operator_documents(image))
    wait_for_deployment(kubeconfig, OPERATOR_NAMESPACE, OPERATOR)


def operator_documents(image: str) -> Iterator[Document]:
    """The release manifest with the image in it."""
    version = programs.version_of(*CNPG).removeprefix("v")
    manifest = programs.module_folder(*CNPG) / "releases" / f"cnpg-{version}.yaml"
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
    """apps-pg as the platform's repository has it, with a role for each password; wait for both.

    Each role may log in and nothing else; its password stands in a Secret of type basic-auth.
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
    """The password that a role has already, or else a new one."""
    secret = get(kubeconfig, NAMESPACE, "secret", secret_name(role))
    kept = secret.get("data", {}).get("password", "")
    return base64.b64decode(kept).decode() or secrets.token_urlsafe(24)


def namespace() -> Document:
    """Where the shared cluster and every app's Database are."""
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}


def credentials(role: tuple[str, str]) -> Document:
    """The password of a role, as CloudNativePG reads it."""
    name, password = role
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": secret_name(name),
            "namespace": NAMESPACE,
            # Without it a changed password is seen at the next look only.
            "labels": {"cnpg.io/reload": "true"},
        },
        "type": "kubernetes.io/basic-auth",
        "stringData": {"username": name, "password": password},
    }


def secret_name(role: str) -> str:
    """The name that the platform gives to the Secret of a role."""
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
    """What is left out is off: it may not create databases or roles, and is no superuser."""
    return {
        "name": name,
        "ensure": "present",
        "login": True,
        "passwordSecret": {"name": secret_name(name)},
    }


def access(role_name: str) -> list[str]:
    """The role may connect to the database of its name, perhaps with _db behind, and to no other.

    PostgreSQL lets every role connect to every database unless it is told otherwise.
    Source: PostgreSQL 16, "The pg_hba.conf File".
    """
    return [
        f'host "/^{role_name}(_db)?$" {role_name} all scram-sha-256',
        f"host all {role_name} all reject",
    ]


def network_policies() -> list[Document]:
    """PostgreSQL for namespaces that carry the label; the instances for their operator."""
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
    """Lets sources reach ports of the cluster's pods, and thereby nobody reach anything else."""
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
    """Whether the operator says that all instances are ready."""
    status = live.get("status", {})
    return bool(status.get("readyInstances")) and status["readyInstances"] == status["instances"]


def reconciled_roles(live: Document) -> set[str]:
    """The roles that are in the database as they are declared."""
    by_status = live.get("status", {}).get("managedRolesStatus", {}).get("byStatus", {})
    return set(by_status.get("reconciled") or [])
