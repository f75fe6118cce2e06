"""A sync that waits for the certificate of an additional host, which comes after all else."""

from __future__ import annotations

import re

from ops.cluster.client import Cluster
from ops.documents.fleet import App
from ops.errors import ClusterError
from ops.kinds.certificate import Certificate, health
from ops.kinds.cron_job import CronJob

AWAITED = re.compile(r"waiting for healthy state of cert-manager\.io/Certificate/(\S+)")
"""What Argo CD reports while a wave waits. Source: gitops-engine/pkg/sync/sync_context.go."""


def awaited_certificate(app: App, message: str) -> str:
    """The Certificate that a sync waits for, by name; empty if it is none, or the main host's.

    It may be one of a host that an earlier commit declared.
    """
    found = AWAITED.search(message)
    main = app.main_host.certificate
    return found[1] if found and (main is None or found[1] != main.name) else ""


def problem(cluster: Cluster, app: App, certificate: str) -> str:
    """What is deployed and what is not, why, and how to fix it."""
    names = {h.certificate.name: h.name for h in app.additional_hosts if h.certificate}
    host = names.get(certificate, certificate)
    left = ", with schedules as before," if app.manifests(CronJob) else ","
    return (
        f"{app.host} is deployed{left} but the additional host {host} gets no certificate:"
        f" {_reason(cluster, app, certificate)}; check its DNS record with `ops preflight` and"
        " deploy again, or remove the host"
    )


def _reason(cluster: Cluster, app: App, certificate: str) -> str:
    try:
        found = cluster.get(Certificate, certificate, app.namespace)
    except ClusterError as error:
        return str(error)
    return health(found).message if found else f"there is no Certificate {certificate}"
