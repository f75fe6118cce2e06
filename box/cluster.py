"""Prepares the cluster of a local cluster before anything uses it."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import yaml
from lightkube import ApiError, Client, KubeConfig

from box import programs
from box.components.delivery import NAMESPACE
from box.poll import until
from ops import kinds
from ops.cluster.resources import resource

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ops.objects.base import Document

MANIFESTS = Path(__file__).parent / "manifests"
FIELD_MANAGER = "railiance-box"
SERVED_TIMEOUT_SECONDS = 60.0
"""How long an API server that has just started may take for one answer, on a busy machine."""

CNPG = ("crds", "github.com/cloudnative-pg/cloudnative-pg")
NEXT_CNPG = ("cloudnative-pg-1.30", "github.com/cloudnative-pg/cloudnative-pg")
CERT_MANAGER = ("crds", "github.com/cert-manager/cert-manager")
TRAEFIK = ("crds", "github.com/traefik/traefik/v3")
ARGOCD = ("argocd", "github.com/argoproj/argo-cd/v3")
# Our Go module, the module that it requires, and the file in it with the custom
# resource definitions that railiance01 has and the apps' manifests use.
CRD_FILES = (
    (*CNPG, "config/crd/bases/postgresql.cnpg.io_backups.yaml"),
    (*CNPG, "config/crd/bases/postgresql.cnpg.io_clusters.yaml"),
    (*CNPG, "config/crd/bases/postgresql.cnpg.io_databases.yaml"),
    (*CNPG, "config/crd/bases/postgresql.cnpg.io_scheduledbackups.yaml"),
    (*CERT_MANAGER, "deploy/crds/cert-manager.io_certificates.yaml"),
    (*CERT_MANAGER, "deploy/crds/cert-manager.io_clusterissuers.yaml"),
    (*TRAEFIK, "docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml"),
    (*ARGOCD, "manifests/crds/application-crd.yaml"),
    (*ARGOCD, "manifests/crds/applicationset-crd.yaml"),
    (*ARGOCD, "manifests/crds/appproject-crd.yaml"),
)
# What railiance01 has after the upgrade of CloudNativePG. On a real node, the upgrade brings it.
NEXT_CRD_FILES = ((*NEXT_CNPG, "config/crd/bases/postgresql.cnpg.io_databaseroles.yaml"),)


def client(kubeconfig: Path) -> Client:
    """A client for the cluster of a kubeconfig, independent of the caller's environment."""
    # A proxy from the environment must not be used for loopback.
    return Client(
        KubeConfig.from_file(str(kubeconfig)),
        field_manager=FIELD_MANAGER,
        timeout=httpx2.Timeout(SERVED_TIMEOUT_SECONDS),
        trust_env=False,
    )


def prepare(kubeconfig: Path, *, plays_node: bool) -> None:
    """Install the CRDs, Argo CD's settings and, in control-plane mode, the simulated node."""
    api = client(kubeconfig)
    files = (*CRD_FILES, *NEXT_CRD_FILES) if plays_node else CRD_FILES
    crds = list(custom_resource_definitions(files))
    for crd in crds:
        apply(api, crd)
    until(
        lambda: all_established(api, crds),
        "the custom resource definitions are established",
        SERVED_TIMEOUT_SECONDS,
    )
    for name in ("node.yaml", "argocd.yaml") if plays_node else ("argocd.yaml",):
        for document in read(MANIFESTS / name):
            apply(api, document)
    if not any(api.list(resource("StorageClass"))):
        for document in read(MANIFESTS / "storage-class.yaml"):
            apply(api, document)
    create_session_secret(api)


def wait_until_served(kubeconfig: Path) -> None:
    """Return once every kind can be listed: a new API server reports ready a little too early."""
    api = client(kubeconfig)
    until(lambda: all_listed(api), "the API server serves every kind", SERVED_TIMEOUT_SECONDS)


def all_listed(api: Client) -> bool:
    """Whether the API server lists every built-in kind, and every custom one that it has."""
    try:
        crds = {crd["metadata"]["name"] for crd in api.list(resource("CustomResourceDefinition"))}
        for entry in kinds.every():
            if is_kubernetes_own(entry.group) or f"{entry.plural}.{entry.group}" in crds:
                next(iter(api.list(resource(entry.kind), chunk_size=1)), None)
    except (ApiError, httpx2.TransportError):
        return False
    return True


def is_kubernetes_own(group: str) -> bool:
    """Whether a group is built in, rather than defined by a custom resource definition."""
    return "." not in group or group.endswith(".k8s.io")


def custom_resource_definitions(
    files: Sequence[tuple[str, str, str]] = CRD_FILES,
) -> Iterator[Document]:
    """The custom resource definitions that the apps' clusters have."""
    for ours, module, file in files:
        yield from read(programs.module_folder(ours, module) / file)


def read(file: Path) -> list[Document]:
    """The documents of a YAML file."""
    with file.open() as stream:
        return [document for document in yaml.load_all(stream, yaml.CSafeLoader) if document]


def apply(api: Client, document: Document) -> None:
    """Server-side apply, with force: nothing else has written these fields before."""
    api.apply(resource(document["kind"]).from_dict(document), force=True)


def all_established(api: Client, crds: list[Document]) -> bool:
    """Whether the API server serves every one of these custom resources."""
    wanted = {crd["metadata"]["name"] for crd in crds}
    served = filter(is_established, api.list(resource("CustomResourceDefinition")))
    return wanted <= {crd["metadata"]["name"] for crd in served}


def is_established(crd: Document) -> bool:
    """Whether the definition's status reports it as established."""
    conditions = crd.get("status", {}).get("conditions") or []  # null before the first condition
    return any(c["type"] == "Established" and c["status"] == "True" for c in conditions)


def create_session_secret(api: Client) -> None:
    """Create the session key without which Argo CD does not start; nobody logs in here."""
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": "argocd-secret",
            "namespace": NAMESPACE,
            "labels": {"app.kubernetes.io/part-of": "argocd"},
        },
        "stringData": {"server.secretkey": secrets.token_urlsafe(32)},
    }
    try:
        api.create(resource("Secret").from_dict(secret))
    except ApiError as error:
        if error.status.reason != "AlreadyExists":  # left from an earlier start
            raise
