"""All checks, made side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace

from ops.cluster.client import Cluster
from ops.documents.fleet import App, Fleet
from ops.errors import OpsError
from ops.host.threads import begin
from ops.preflight import (
    argocd_readiness,
    cluster_readiness,
    exposure_readiness,
    hosts_readiness,
    postgres_readiness,
    registry_readiness,
    requests_readiness,
    role_readiness,
    secrets_readiness,
    storage_readiness,
    volumes_readiness,
)
from ops.preflight.subject import Check, Subject
from ops.results.result import Result, unknown
from ops.storage.declared_storage import is_declared

CHECKS: Sequence[Check] = (
    Check("cluster.version", cluster_readiness.version),
    Check("cluster.kinds", cluster_readiness.kinds),
    Check("postgres.cluster", postgres_readiness.cluster),
    Check("postgres.role", role_readiness.role),
    Check("postgres.access", postgres_readiness.access),
    Check("postgres.backup", postgres_readiness.backup),
    Check("database", postgres_readiness.database),
    Check("namespace.label", postgres_readiness.label, fixed_by_deploy=True),
    Check("issuer", exposure_readiness.issuer),
    Check("traefik.address", exposure_readiness.traefik),
    Check("dns", exposure_readiness.dns),
    Check("dns.additional", hosts_readiness.dns, applies=hosts_readiness.has_additional),
    Check("port.http", exposure_readiness.port(80)),
    Check("port.https", exposure_readiness.port(443)),
    Check("host", exposure_readiness.host),
    Check("certificate", hosts_readiness.certificates),
    Check("requests", requests_readiness.limits),
    Check("registry", registry_readiness.answers),
    Check("image", registry_readiness.image),
    Check("image.valkey", registry_readiness.valkey_image, applies=registry_readiness.has_valkey),
    Check("argocd.root", argocd_readiness.root, of_argocd=True),
    Check("argocd.app", argocd_readiness.application, fixed_by_deploy=True, of_argocd=True),
    Check("argocd.owner", argocd_readiness.owner, of_argocd=True),
    Check("secrets", secrets_readiness.complete, fixed_by_deploy=True),
    Check("storage", storage_readiness.usable, applies=is_declared),
    Check("volumes", volumes_readiness.storage_classes, applies=volumes_readiness.has_claims),
)
"""In the order in which they are shown: what depends on something comes after it."""


def begin_all(
    fleet: Fleet, app: App, cluster: Cluster, *, with_argocd: bool = True
) -> list[tuple[Check, Future[Result]]]:
    """Begin every check of an app; the results come one by one, the last within a minute.

    None of them raises an OpsError: what cannot be checked is unknown. What Argo CD alone needs
    is left out without it, and what asks about a part that the app does not have.
    """
    subject = Subject(app, fleet.root, cluster, begin(cluster.version), with_argocd)
    asked = [
        check for check in CHECKS if (with_argocd or not check.of_argocd) and check.applies(app)
    ]
    return [(check, begin(_asking(check, subject))) for check in asked]


def _asking(check: Check, subject: Subject) -> Callable[[], Result]:
    def ask() -> Result:
        try:
            found = check.ask(subject)
        except OpsError as error:
            found = unknown(str(error))
        fixed = check.fixed_by_deploy or found.fixed_by_deploy
        return replace(found, id=check.id, fixed_by_deploy=fixed)

    return ask


def run(fleet: Fleet, app: App, cluster: Cluster) -> list[Result]:
    """The results of all checks of an app."""
    return [result.result() for _, result in begin_all(fleet, app, cluster)]
