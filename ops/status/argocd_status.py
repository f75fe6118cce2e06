"""What Argo CD reports of the app, and of which commit."""

from __future__ import annotations

from pathlib import Path

from ops.documents.fleet import App
from ops.errors import ClusterError, CommandError
from ops.host.git import git
from ops.kinds.application import RUNNING, SUCCEEDED, Application, ApplicationStatus
from ops.objects.times import moment
from ops.results.result import Result, State
from ops.status.reading import Live

SHORT = 7

_HEALTH = {
    "Healthy": State.OK,
    "Progressing": State.IN_PROGRESS,
    "Degraded": State.FAILED,
    "Missing": State.FAILED,
    "Suspended": State.FAILED,
}


def sync(app: App, live: Live) -> Result:
    """Whether the cluster is at the commit that Argo CD knows, and which that is."""
    application = live.typed(Application, app.application)
    if application is None:
        return _absent("sync", app, live)
    status, operation = application.status, application.status.operation_state
    complaints = [condition.message for condition in status.conditions]
    if operation.phase not in ("", SUCCEEDED):
        complaints.append(f"last sync {operation.phase}: {operation.message}")
    synced, revision = status.sync.status or "Unknown", status.sync.revision
    return Result(
        id="sync",
        state=_sync_state(status, complaints),
        evidence=f"{synced} at {revision[:SHORT] or 'no commit'}"
        + _beside(app.platform.revision, revision),
        since=moment(operation.finished_at or operation.started_at),
        details=complaints,
        facts={"status": synced, "revision": revision, "operation": operation.phase or None},
    )


def _absent(id_: str, app: App, live: Live) -> Result:
    """The line without an Application, which is as it should be only where there is no Argo CD."""
    if app.application.kind in live.argocd_kinds.result():
        evidence = f"Argo CD has no Application {app.name}"
        fix = f"push the commit, then `ops deploy --app {app.name}` has Argo CD sync the app"
        return Result(id=id_, state=State.FAILED, evidence=evidence, fix=fix)
    evidence = "this cluster has no Argo CD; see the other lines"
    return Result(id=id_, state=State.OK, evidence=evidence)


def _sync_state(status: ApplicationStatus, complaints: list[str]) -> State:
    if status.operation_state.phase == RUNNING:
        return State.IN_PROGRESS
    if status.sync.status in ("", "Unknown"):
        return State.FAILED if complaints else State.UNKNOWN
    return State.OK if status.sync.status == "Synced" and not complaints else State.FAILED


def is_syncing(app: App, live: Live) -> bool:
    """Whether a sync runs, which excuses what differs; one that cannot be read excuses nothing."""
    try:
        application = live.typed(Application, app.application)
    except ClusterError:
        return False
    return application is not None and application.status.operation_state.phase == RUNNING


def _beside(branch: str, revision: str) -> str:
    """How that commit relates to the branch as it is known here, if git knows it."""
    here = head(branch)
    if not here or not revision:
        return ""
    if here == revision:
        return f", the head of {branch} as known here"
    return f"; the head of {branch} as known here is {here[:SHORT]}"


def head(branch: str) -> str:
    """The commit of the remote's branch, else of the local one, as known here; empty if neither."""
    for reference in (f"refs/remotes/origin/{branch}", f"refs/heads/{branch}"):
        try:
            return git(Path(), "rev-parse", "--verify", "--quiet", reference).strip()
        except CommandError:
            continue
    return ""


def health(app: App, live: Live) -> Result:
    """The health of the app as a whole, as Argo CD reports it."""
    application = live.typed(Application, app.application)
    if application is None:
        return _absent("health", app, live)
    found = application.status.health
    status = found.status or "Unknown"
    return Result(
        id="health",
        state=_HEALTH.get(status, State.UNKNOWN),
        evidence=f"{status}: {found.message}" if found.message else status,
        since=moment(found.last_transition_time),
        facts={"status": status},
    )
