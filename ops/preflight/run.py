"""All checks, made side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future

from ops.cluster.door import Cluster
from ops.errors import OpsError
from ops.parallel import begin
from ops.preflight import argocd, exposure, postgres, registry, secrets, substrate
from ops.preflight.answer import Answer, Check, Line, Subject, not_checked
from ops.rendered import App, Fleet

CHECKS: Sequence[Check] = (
    Check("cluster.version", substrate.version),
    Check("cluster.kinds", substrate.kinds),
    Check("postgres.cluster", postgres.cluster),
    Check("postgres.role", postgres.role),
    Check("postgres.access", postgres.access),
    Check("postgres.backup", postgres.backup),
    Check("database", postgres.database),
    Check("namespace.label", postgres.label, brought=True),
    Check("issuer", exposure.issuer),
    Check("traefik.address", exposure.traefik),
    Check("dns", exposure.dns),
    Check("port.http", exposure.port(80)),
    Check("port.https", exposure.port(443)),
    Check("host", exposure.host),
    Check("registry", registry.answers),
    Check("image", registry.image),
    Check("argocd.root", argocd.root, of_argocd=True),
    Check("argocd.app", argocd.application, brought=True, of_argocd=True),
    Check("secrets", secrets.complete, brought=True),
)
"""In the order in which they are shown: what stands on something comes after it."""


def begin_all(
    fleet: Fleet, app: App, cluster: Cluster, *, with_argocd: bool = True
) -> list[tuple[Check, Future[Answer]]]:
    """Begin every check of an app; the answers come one by one, the last within a minute.

    None of them raises an OpsError: what cannot be checked is an answer. What Argo CD alone needs
    is left out without it.
    """
    subject = Subject(app, fleet.root, cluster, begin(cluster.version), with_argocd)
    asked = [check for check in CHECKS if with_argocd or not check.of_argocd]
    return [(check, begin(_asking(check, subject))) for check in asked]


def _asking(check: Check, subject: Subject) -> Callable[[], Answer]:
    def ask() -> Answer:
        try:
            return check.ask(subject)
        except OpsError as error:
            return not_checked(str(error))

    return ask


def run(fleet: Fleet, app: App, cluster: Cluster) -> list[Line]:
    """The checks of an app with their answers."""
    return [Line(check, answer.result()) for check, answer in begin_all(fleet, app, cluster)]
