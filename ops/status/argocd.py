"""What Argo CD says of the app, and of which commit."""

from __future__ import annotations

from pathlib import Path

from ops.cluster.reported import moment, status_of
from ops.errors import ClusterError, CommandError
from ops.git import git
from ops.rendered import App
from ops.status.item import Item, Verdict
from ops.status.live import Live

RUNNING = "Running"
"""The phase of a sync that goes on; any other has come to its end."""
SHORT = 7

_HEALTH = {
    "Healthy": Verdict.OK,
    "Progressing": Verdict.UNDER_WAY,
    "Degraded": Verdict.WRONG,
    "Missing": Verdict.WRONG,
    "Suspended": Verdict.WRONG,
}


def sync(app: App, live: Live) -> Item:
    """Whether the cluster is at the commit that Argo CD knows, and which that is."""
    application = live.of(app.application)
    if application is None:
        return _absent("sync", app, live)
    status = status_of(application)
    state = (status.get("sync") or {}).get("status", "Unknown")
    revision = str((status.get("sync") or {}).get("revision") or "")
    operation = status.get("operationState") or {}
    complaints = [str(one.get("message")) for one in status.get("conditions") or []]
    if operation.get("phase") not in (None, "Succeeded"):
        complaints.append(f"last sync {operation['phase']}: {operation.get('message', '')}")
    branch = app.platform["revision"]
    return Item(
        "sync",
        _sync_verdict(state, operation.get("phase"), complaints),
        f"{state} at {revision[:SHORT] or 'no commit'}{_beside(branch, revision)}",
        since=moment(operation.get("finishedAt") or operation.get("startedAt")),
        more=complaints,
        facts={"status": state, "revision": revision, "operation": operation.get("phase")},
    )


def _absent(name: str, app: App, live: Live) -> Item:
    """The line without an Application, which is as it should be only where there is no Argo CD."""
    if app.application.kind in live.argocd_kinds.result():
        return Item(name, Verdict.WRONG, f"Argo CD has no Application {app.name}")
    return Item(name, Verdict.OK, "this cluster has no Argo CD; the other lines tell")


def _sync_verdict(state: str, phase: str | None, complaints: list[str]) -> Verdict:
    if phase == RUNNING:
        return Verdict.UNDER_WAY
    if state == "Unknown":
        return Verdict.UNKNOWN if not complaints else Verdict.WRONG
    return Verdict.OK if state == "Synced" and not complaints else Verdict.WRONG


def is_syncing(app: App, live: Live) -> bool:
    """Whether a sync runs, which excuses what differs; one that cannot be read excuses nothing."""
    try:
        status = status_of(live.of(app.application))
    except ClusterError:
        return False
    return (status.get("operationState") or {}).get("phase") == RUNNING


def _beside(branch: str, revision: str) -> str:
    """How that commit stands to the branch as it is known here, if git knows it."""
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


def health(app: App, live: Live) -> Item:
    """How what runs is, all of it together, in Argo CD's words."""
    application = live.of(app.application)
    if application is None:
        return _absent("health", app, live)
    said = status_of(application).get("health") or {}
    state = str(said.get("status", "Unknown"))
    return Item(
        "health",
        _HEALTH.get(state, Verdict.UNKNOWN),
        f"{state}: {said['message']}" if said.get("message") else state,
        since=moment(said.get("lastTransitionTime")),
        facts={"status": state},
    )
