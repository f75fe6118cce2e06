"""One look at an app: every line of its status."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ops.cluster.door import Cluster
from ops.errors import ClusterError
from ops.rendered import App
from ops.status import (
    argocd,
    certificate,
    database,
    deploys,
    exposure,
    migration,
    pods,
    rendering,
    storage,
)
from ops.status.item import Item, unread
from ops.status.live import Live, read

LINES: Mapping[str, Callable[[App, Live], Item]] = {
    "sync": argocd.sync,
    "health": argocd.health,
    "image": pods.image,
    "pods": pods.pods,
    "migration": migration.last,
    "certificate": certificate.certificate,
    "database": database.database,
    "role": database.role,
    "volume": storage.volume,
    "ingress": exposure.ingress,
    "drift": rendering.drift,
    "deploys": deploys.deploys,
}
"""The lines in the order in which they are shown."""


def look(app: App, cluster: Cluster) -> list[Item]:
    """How an app stands now.

    What the user may not read is unknown. Raises ClusterError if the cluster is away.
    """
    live = read(app, cluster)
    return [_item(name, app, live) for name in LINES]


def _item(name: str, app: App, live: Live) -> Item:
    try:
        return LINES[name](app, live)
    except ClusterError as error:
        return unread(name, error)
