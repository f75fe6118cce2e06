"""A deploy without Argo CD: server-side apply in the order of waves, waiting as Argo CD waits."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import groupby

from ops import health
from ops.cluster.door import ARGOCD_FIELD_MANAGER, Cluster
from ops.deploy import reason
from ops.errors import OpsError
from ops.health import State
from ops.manifests import Manifest
from ops.rendered import App
from ops.waiting import NotYetError, until

WAVE_TIMEOUT_SECONDS = 900
GONE_TIMEOUT_SECONDS = 60

Say = Callable[[str], None]


def sync(cluster: Cluster, app: App, say: Say, keep_lock: Callable[[], None]) -> None:
    """Apply the app's documents wave by wave; a wave begins once the one before is healthy.

    The migrate Job is made anew each time, as its hook asks of Argo CD. Nothing is pruned.
    Raises OpsError at the first document that fails, with its pod's log.
    """
    documents = sorted(app.documents, key=_wave)
    for wave, members in groupby(documents, key=_wave):
        batch = list(members)
        say(f"wave {wave}: {', '.join(str(manifest) for manifest in batch)}")
        for manifest in batch:
            apply(cluster, manifest)
        for manifest in batch:
            healthy = partial(_require_healthy, cluster, manifest)
            until(healthy, WAVE_TIMEOUT_SECONDS, keep_lock)


def _wave(manifest: Manifest) -> int:
    return manifest.wave or 0


def apply(cluster: Cluster, manifest: Manifest) -> None:
    """Apply a document; a Job, which cannot be changed, is deleted first."""
    if manifest.kind == "Job":
        cluster.delete(manifest.content)
        until(lambda: _require_gone(cluster, manifest), GONE_TIMEOUT_SECONDS)
    cluster.apply(manifest.content, field_manager=ARGOCD_FIELD_MANAGER)


def _require_gone(cluster: Cluster, manifest: Manifest) -> None:
    if cluster.live(manifest.content):
        raise NotYetError(f"the former {manifest} is still there")


def _require_healthy(cluster: Cluster, manifest: Manifest) -> None:
    """NotYetError while a document can still become healthy; OpsError if it has failed."""
    live = cluster.live(manifest.content)
    if live is None:
        raise OpsError(f"{manifest} was deleted while it was waited for; deploy again")
    found = health.of(live)
    if found.state is State.DEGRADED:
        why = reason.of(cluster, manifest.kind, manifest.name, manifest.namespace)
        raise OpsError(f"{manifest} failed: {found.message}\n{why}".rstrip())
    if found.state is not State.HEALTHY:
        raise NotYetError(f"{manifest} is not healthy: {found.message}")
