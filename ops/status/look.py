"""One look at an app: every line of its status."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ops.cluster.client import Cluster
from ops.documents.fleet import App
from ops.errors import ClusterError
from ops.results.result import Result, unread
from ops.status import (
    absence,
    argocd_status,
    certificate_status,
    database_status,
    drift_status,
    exposure_status,
    hosts_status,
    maintenance_status,
    migration_status,
    objects_status,
    pods_status,
    receipts_status,
    schedules_status,
    volume_status,
    workers_status,
)
from ops.status.reading import Live, read

NOT_INSTALLED = "installed"
"""The line that stands alone, and only if the app is not there at all."""
LINES: Mapping[str, Callable[[App, Live], Result | None]] = {
    NOT_INSTALLED: absence.installed,
    "sync": argocd_status.sync,
    "health": argocd_status.health,
    "image": pods_status.image,
    "pods": pods_status.pods,
    "workers": workers_status.workers,
    "schedules": schedules_status.schedules,
    "migration": migration_status.last,
    "certificate": certificate_status.certificate,
    "database": database_status.database,
    "role": database_status.role,
    "volume": volume_status.volume,
    "ingress": exposure_status.ingress,
    "hosts": hosts_status.additional,
    "maintenance": maintenance_status.maintenance,
    "objects": objects_status.objects,
    "drift": drift_status.drift,
    "deploys": receipts_status.deploys,
    "commands": receipts_status.commands,
}
"""The lines in the order in which they are shown; None if an app has no such thing."""


def look(app: App, cluster: Cluster) -> list[Result]:
    """How an app is now; a single line if it is not installed.

    What the user may not read is unknown. Raises ClusterError if the cluster is down.
    """
    live = read(app, cluster)
    if missing := _result(NOT_INSTALLED, app, live):
        return [missing]
    lines = (_result(name, app, live) for name in LINES)
    return [line for line in lines if line]


def _result(name: str, app: App, live: Live) -> Result | None:
    try:
        return LINES[name](app, live)
    except ClusterError as error:
        return unread(name, error)
