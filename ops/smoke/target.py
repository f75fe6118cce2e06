"""What to visit of an app, as its rendered documents state."""

from collections.abc import Sequence
from dataclasses import dataclass

from ops.documents.fleet import App
from ops.documents.hosts import PublicHost
from ops.documents.manifest import Manifest
from ops.errors import ManifestError, OpsError
from railiance.annotations import SMOKE
from railiance.smoke import Smoke


@dataclass(frozen=True, kw_only=True)
class Target:
    """All that is to be visited, and where."""

    host: str
    health_path: str
    pages: Smoke
    additional_hosts: Sequence[PublicHost] = ()
    is_maintained: bool = False
    """Whether visitors see the maintenance page."""


def target_of(app: App) -> Target:
    """What to visit of an app.

    Raises OpsError if a document that states a part of it is missing or wrong.
    """
    if not app.host:
        raise OpsError(f"{app.name}: its Ingress has no host; run `make gate` for details")
    return Target(
        host=app.host,
        health_path=_health_path(app),
        pages=_pages(app.application),
        additional_hosts=app.additional_hosts,
        is_maintained=app.maintenance is not None,
    )


def _health_path(app: App) -> str:
    containers = app.web.containers
    probe = containers[0].readiness_probe if containers else None
    path = probe.http_get.path if probe and probe.http_get else ""
    if not path.startswith("/") or path.startswith("//"):
        raise OpsError(f"{app.name}: its readinessProbe has no path; run `make gate` for details")
    return path


def _pages(application: Manifest) -> Smoke:
    text = application.annotations.get(SMOKE)
    if text is None:
        problem = f"{application} does not state what to visit ({SMOKE}); run `make synth`"
        raise ManifestError(application.file, problem, application.line)
    try:
        return Smoke.from_json(text)
    except (ValueError, TypeError, RecursionError) as error:
        problem = f"{application}: {SMOKE} cannot be used: {error}; run `make synth`"
        raise ManifestError(application.file, problem, application.line) from error
