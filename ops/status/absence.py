"""What is not on the cluster: not yet, during a sync; else a failure."""

from __future__ import annotations

from contextlib import suppress

from ops.documents.fleet import App
from ops.documents.manifest import Manifest
from ops.errors import ClusterError
from ops.kinds.database import Database
from ops.kinds.namespace import Namespace
from ops.results.result import Result, State
from ops.status.argocd_status import is_syncing
from ops.status.reading import Live


def absent(id_: str, manifest: Manifest, app: App, live: Live) -> Result:
    """The line of an object that is not there."""
    if is_syncing(app, live):
        evidence = f"there is no {manifest} yet; the sync is in progress"
        return Result(id=id_, state=State.IN_PROGRESS, evidence=evidence)
    return Result(id=id_, state=State.FAILED, evidence=f"there is no {manifest}")


def installed(app: App, live: Live) -> Result | None:
    """That the app is not on the cluster at all, which no other line needs to repeat.

    None if its Namespace is there, or cannot be read.
    """
    namespace, database = app.manifest(Namespace), app.manifest(Database)
    try:
        if live.find(namespace):
            return None
    except ClusterError:
        return None
    if is_syncing(app, live):
        evidence = "Argo CD is installing it"
        return Result(id="installed", state=State.IN_PROGRESS, evidence=evidence)
    details = []
    with suppress(ClusterError):
        if live.find(database):
            details.append(f"{database} is there, and will be used again")
    return Result(
        id="installed",
        state=State.FAILED,
        evidence=f"not installed: there is no {namespace}",
        details=details,
        fix=(
            f"`ops preflight --app {app.name}` checks what an installation needs, then"
            f" `ops deploy --app {app.name}` installs it"
        ),
    )
