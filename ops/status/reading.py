"""What there is of an app on the cluster, read all at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeVar

from ops.cluster.client import Cluster
from ops.cluster.live_object import LiveObject
from ops.deploy.receipt import CommandReceipt, name_of
from ops.documents.fleet import App
from ops.documents.manifest import Manifest
from ops.host.threads import begin
from ops.kinds.cluster import Cluster as PostgresCluster
from ops.kinds.config_map import ConfigMap
from ops.kinds.job import Job
from ops.kinds.pod import Pod
from ops.objects.base import Object
from railiance.annotations import COMPONENT, NAME

M = TypeVar("M", bound=Object)


@dataclass(frozen=True)
class Live:
    """The live objects of an app, each read in a thread of its own.

    Asking for one that could not be read raises the ClusterError that said why.
    """

    documents: Mapping[Manifest, Future[LiveObject | None]]
    all_pods: Future[list[Pod]]
    all_jobs: Future[list[Job]]
    postgres: Future[PostgresCluster | None]
    receipts: Future[ConfigMap | None]
    command_receipts: Future[ConfigMap | None]
    argocd_kinds: Future[frozenset[str]]
    """The kinds of Argo CD that the cluster serves: none where an app is deployed without it."""

    def find(self, manifest: Manifest) -> LiveObject | None:
        """What a rendered document is on the cluster, or None if it is not there."""
        return self.documents[manifest].result()

    def pods(self, component: str) -> list[Pod]:
        """The pods of one component."""
        return [pod for pod in self.all_pods.result() if _component(pod) == component]

    def jobs(self, component: str) -> list[Job]:
        """The Jobs of one component, oldest first."""
        found = [job for job in self.all_jobs.result() if _component(job) == component]
        return sorted(found, key=lambda job: job.metadata.creation_timestamp)

    def typed(self, model: type[M], manifest: Manifest) -> M | None:
        """The same as the model of its kind."""
        live = self.find(manifest)
        if live is None:
            return None
        found = live.object
        assert isinstance(found, model)
        return found


def read(app: App, cluster: Cluster) -> Live:
    """Begin to read all that the status of an app is made of.

    Raises ClusterError if the cluster is down, which is asked first.
    """
    cluster.version()
    rendered = (*app.documents, *app.argocd)
    platform, namespace = app.platform, app.namespace
    own = {NAME: app.name}
    postgres = (platform.postgres_cluster, platform.postgres_namespace)
    return Live(
        documents={manifest: begin(_live(cluster, manifest)) for manifest in rendered},
        all_pods=begin(lambda: cluster.all(Pod, namespace, own)),
        all_jobs=begin(lambda: cluster.all(Job, namespace)),
        postgres=begin(lambda: cluster.get(PostgresCluster, *postgres)),
        receipts=begin(lambda: cluster.get(ConfigMap, name_of(app), namespace)),
        command_receipts=begin(
            lambda: cluster.get(ConfigMap, name_of(app, CommandReceipt), namespace)
        ),
        argocd_kinds=begin(lambda: cluster.kinds(app.application.api_version)),
    )


def _live(cluster: Cluster, manifest: Manifest) -> Callable[[], LiveObject | None]:
    return lambda: cluster.live(manifest)


def _component(found: Object) -> str:
    return found.metadata.labels.get(COMPONENT, "")
