"""Whether visitors see the maintenance page."""

from __future__ import annotations

from datetime import datetime

from ops.documents.fleet import App
from ops.kinds.deployment import Deployment
from ops.objects.times import moment
from ops.results.result import Result, State
from ops.status.reading import Live
from railiance.annotations import COMPONENT, MAINTENANCE


def maintenance(app: App, live: Live) -> Result | None:
    """Whether the page is there, and since when; None while maintenance is off."""
    if app.maintenance is None:
        return None
    manifest = app.maintenance.manifest
    found = live.typed(Deployment, manifest)
    if found is None:
        return _result(State.IN_PROGRESS, f"declared, but there is no {manifest} yet")
    since = moment(found.metadata.creation_timestamp)
    if not found.status.available_replicas:
        labels = f"{COMPONENT}={MAINTENANCE}"
        fix = f"`kubectl -n {app.namespace} describe pod -l {labels}`"
        return _result(State.FAILED, "visitors get an error: the page has no ready pod", fix, since)
    fix = f"`ops maintenance off --app {app.name}` ends it"
    return _result(State.WARNING, "visitors see the maintenance page", fix, since)


def _result(state: State, evidence: str, fix: str = "", since: datetime | None = None) -> Result:
    return Result(id="maintenance", state=state, evidence=evidence, fix=fix, since=since)
