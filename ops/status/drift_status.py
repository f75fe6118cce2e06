"""Whether the cluster is as dist/ and argocd/ state."""

from __future__ import annotations

from ops.cluster.drift import differences
from ops.documents.fleet import App
from ops.documents.manifest import Manifest
from ops.errors import ClusterError
from ops.results.result import Result, State
from ops.status.argocd_status import is_syncing
from ops.status.reading import Live


def _is_reported(manifest: Manifest, app: App) -> bool:
    """Whether another line reports that the object is missing."""
    has_health = manifest.entry is not None and manifest.entry.health is not None
    return manifest in app.argocd or has_health


def drift(app: App, live: Live) -> Result:
    """Every rendered field of the app's documents that differs on the cluster.

    During a sync it may differ. That Argo CD does not know the app, or that an object with a health
    is not there, is another line's to report.
    """
    found, unread = [], []
    for manifest in live.documents:
        try:
            document = live.find(manifest)
            if document or not _is_reported(manifest, app):
                found += differences(manifest, document)
        except ClusterError as error:
            unread.append(str(error))
    details = [*map(str, found), *unread]
    facts = {"differences": [vars(difference) for difference in found]}
    if found:
        evidence = f"{len(found)} differences from what is rendered for {app.name}"
        state = State.IN_PROGRESS if is_syncing(app, live) else State.FAILED
    elif unread:
        evidence, state = f"{len(unread)} documents cannot be compared", State.UNKNOWN
    else:
        evidence, state = f"none in {len(live.documents)} documents", State.OK
    return Result(id="drift", state=state, evidence=evidence, details=details, facts=facts)
