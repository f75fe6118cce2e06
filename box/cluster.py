"""What a box puts into its cluster before anybody uses it."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import yaml
from lightkube import ApiError, Client, KubeConfig

from box import programs
from box.components import NAMESPACE
from box.poll import until
from ops.cluster.kinds import RESOURCES, Document

if TYPE_CHECKING:
    from collections.abc import Iterator

MANIFESTS = Path(__file__).parent / "manifests"
FIELD_MANAGER = "railiance-box"
SERVED_TIMEOUT_SECONDS = 20.0

CNPG = ("crds", "github.com/cloudnative-pg/cloudnative-pg")
CERT_MANAGER = ("crds", "github.com/cert-manager/cert-manager")
TRAEFIK = ("crds", "github.com/traefik/traefik/v3")
ARGOCD = ("argocd", "github.com/argoproj/argo-cd/v3")
# Our Go module, the module it requires, and the file in that: what railiance01
# offers and the apps' manifests use.
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


def client(kubeconfig: Path) -> Client:
    """A client for the cluster of a kubeconfig, whatever the caller's environment names."""
    # A proxy of the environment has no business on loopback.
    return Client(
        KubeConfig.from_file(str(kubeconfig)), field_manager=FIELD_MANAGER, trust_env=False
    )


def prepare(kubeconfig: Path, *, plays_node: bool) -> None:
    """Install the custom resources, Argo CD's settings, and the node if it is a played one."""
    api = client(kubeconfig)
    crds = list(custom_resource_definitions())
    for crd in crds:
        apply(api, crd)
    until(
        lambda: all_established(api, crds),
        "the custom resources are established",
        SERVED_TIMEOUT_SECONDS,
    )
    for name in ("node.yaml", "argocd.yaml") if plays_node else ("argocd.yaml",):
        for document in read(MANIFESTS / name):
            apply(api, document)
    if not any(api.list(RESOURCES["StorageClass"])):
        for document in read(MANIFESTS / "storage-class.yaml"):
            apply(api, document)
    create_session_secret(api)


def wait_until_served(kubeconfig: Path) -> None:
    """Return once every kind can be listed: a new API server says it is ready a little before."""
    api = client(kubeconfig)
    until(lambda: all_listed(api), "the API server serves every kind", SERVED_TIMEOUT_SECONDS)


def all_listed(api: Client) -> bool:
    """Whether the API server answers for every kind."""
    try:
        for resource in RESOURCES.values():
            next(iter(api.list(resource, chunk_size=1)), None)
    except (ApiError, httpx2.TransportError):
        return False
    return True


def custom_resource_definitions() -> Iterator[Document]:
    """What the clusters of the apps know beside Kubernetes' own kinds."""
    for ours, module, file in CRD_FILES:
        yield from read(programs.module_folder(ours, module) / file)


def read(file: Path) -> list[Document]:
    """The documents of a YAML file."""
    with file.open() as stream:
        return [document for document in yaml.load_all(stream, yaml.CSafeLoader) if document]


def apply(api: Client, document: Document) -> None:
    """Server-side apply; taking over fields is right, for the box is the first to write them."""
    api.apply(RESOURCES[document["kind"]].from_dict(document), force=True)


def all_established(api: Client, crds: list[Document]) -> bool:
    """Whether the API server serves every one of these custom resources."""
    wanted = {crd["metadata"]["name"] for crd in crds}
    served = filter(is_established, api.list(RESOURCES["CustomResourceDefinition"]))
    return wanted <= {crd["metadata"]["name"] for crd in served}


def is_established(crd: Document) -> bool:
    """Whether the API server says so."""
    conditions = crd.get("status", {}).get("conditions") or []  # null before the first
    return any(c["type"] == "Established" and c["status"] == "True" for c in conditions)


def create_session_secret(api: Client) -> None:
    """Argo CD refuses to start without a key for the sessions of its users; the box has none."""
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
        api.create(RESOURCES["Secret"].from_dict(secret))
    except ApiError as error:
        if error.status.reason != "AlreadyExists":  # from when the box was last up
            raise
