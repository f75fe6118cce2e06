"""What there is of an app on the cluster, read in one go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass

from ops.cluster.door import Cluster
from ops.cluster.kinds import Document
from ops.deploy.receipt import name_of
from ops.manifests import Manifest
from ops.parallel import begin
from ops.rendered import NAME, App

COMPONENT = "app.kubernetes.io/component"


@dataclass(frozen=True)
class Live:
    """The live documents of an app, each read in a thread of its own.

    Asking for one that could not be read raises the ClusterError that said why.
    """

    documents: Mapping[Manifest, Future[Document | None]]
    pods: Future[list[Document]]
    jobs: Future[list[Document]]
    postgres: Future[Document | None]
    receipts: Future[Document | None]
    argocd_kinds: Future[frozenset[str]]
    """The kinds of Argo CD that the cluster serves: none where an app is deployed without it."""

    def of(self, manifest: Manifest) -> Document | None:
        """What a rendered document is on the cluster, or None if it is not there."""
        return self.documents[manifest].result()


def read(app: App, cluster: Cluster) -> Live:
    """Begin to read all that the status of an app is made of.

    Raises ClusterError if the cluster is away, which is asked first.
    """
    cluster.version()
    rendered = (*app.documents, *app.argocd)
    platform, namespace = app.platform, app.namespace
    return Live(
        documents={manifest: begin(_get(cluster, manifest)) for manifest in rendered},
        pods=begin(lambda: cluster.all("Pod", namespace, {NAME: app.name, COMPONENT: "web"})),
        jobs=begin(lambda: cluster.all("Job", namespace, {NAME: app.name, COMPONENT: "migrate"})),
        postgres=begin(
            lambda: cluster.get(
                "Cluster", platform["postgres-cluster"], platform["postgres-namespace"]
            )
        ),
        receipts=begin(lambda: cluster.get("ConfigMap", name_of(app), namespace)),
        argocd_kinds=begin(lambda: cluster.kinds(app.application.content["apiVersion"])),
    )


def _get(cluster: Cluster, manifest: Manifest) -> Callable[[], Document | None]:
    return lambda: cluster.live(manifest.content)
