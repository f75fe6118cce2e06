"""A deploy without Argo CD: server-side apply in the order of waves, waiting as Argo CD waits."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import groupby

from ops import kinds
from ops.cluster.client import ARGOCD_FIELD_MANAGER, Cluster
from ops.cluster.waiting import NotYetError, until
from ops.deploy import reason
from ops.documents.fleet import App
from ops.documents.manifest import Manifest
from ops.errors import OpsError
from ops.kinds.description.health import State
from ops.kinds.job import Job
from railiance.annotations import IGNORE_HEALTH

WAVE_TIMEOUT_SECONDS = 900
GONE_TIMEOUT_SECONDS = 60

Say = Callable[[str], None]


def sync(cluster: Cluster, app: App, say: Say, keep_lock: Callable[[], None]) -> None:
    """Apply the app's documents wave by wave; a wave begins once the one before is healthy.

    The migrate Job is created again each time, as its hook asks of Argo CD. Nothing is pruned.
    Raises OpsError at the first document that fails, with its pod's log.
    """
    documents = sorted(app.documents, key=_wave)
    for wave, members in groupby(documents, key=_wave):
        batch = list(members)
        say(f"wave {wave}: {', '.join(str(manifest) for manifest in batch)}")
        for manifest in batch:
            apply(cluster, manifest, say)
        for manifest in batch:
            healthy = partial(_require_healthy, cluster, manifest)
            until(healthy, WAVE_TIMEOUT_SECONDS, keep_lock, say)


def _wave(manifest: Manifest) -> int:
    return manifest.wave


def apply(cluster: Cluster, manifest: Manifest, say: Say) -> None:
    """Apply a document; a Job, which cannot be changed, is deleted first."""
    if manifest.entry is kinds.by_model(Job):
        cluster.delete(Job, manifest.name, manifest.namespace)
        until(lambda: _require_gone(cluster, manifest), GONE_TIMEOUT_SECONDS, say=say)
    cluster.apply(manifest.content, field_manager=ARGOCD_FIELD_MANAGER)


def _require_gone(cluster: Cluster, manifest: Manifest) -> None:
    if cluster.live(manifest):
        raise NotYetError(f"the previous {manifest} still exists")


def _require_healthy(cluster: Cluster, manifest: Manifest) -> None:
    """NotYetError while a document can still become healthy; OpsError if it has failed."""
    live = cluster.live(manifest)
    if live is None:
        raise OpsError(f"{manifest} was deleted during the deploy; deploy again")
    if manifest.annotations.get(IGNORE_HEALTH) == "true":
        return  # a schedule whose last run failed is no reason not to deploy its fix
    health = live.health
    if health.is_final:
        why = reason.describe(cluster, manifest.kind, manifest.name, manifest.namespace)
        raise OpsError(f"{manifest} failed: {health.message}\n{why}".rstrip())
    if health.state is not State.HEALTHY:
        pod = reason.newest_pod(cluster, manifest.kind, manifest.name, manifest.namespace)
        of_pod = f"; pod {pod.name}: {reason.state_of(pod)}" if pod else ""
        raise NotYetError(f"{manifest} is not healthy: {health.message}{of_pod}")
