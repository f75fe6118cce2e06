"""The volume that keeps what users upload."""

from __future__ import annotations

from ops.documents.fleet import App
from ops.kinds.persistent_volume_claim import PersistentVolumeClaim
from ops.results.result import Result, State
from ops.status.absence import absent
from ops.status.reading import Live

_PHASES = {"Bound": State.OK, "Pending": State.IN_PROGRESS, "Lost": State.FAILED}


def volume(app: App, live: Live) -> Result:
    """Whether the claim has its volume, and how large that is."""
    manifests = app.manifests(PersistentVolumeClaim)
    if not manifests:
        return Result(id="volume", state=State.OK, evidence="none is rendered")
    claim = live.typed(PersistentVolumeClaim, manifests[0])
    if claim is None:
        return absent("volume", manifests[0], app, live)
    phase, size = claim.status.phase or "Unknown", claim.status.capacity.get("storage")
    return Result(
        id="volume",
        state=_PHASES.get(phase, State.UNKNOWN),
        evidence=f"{claim.name} {phase}" + (f", {size}" if size else ""),
        facts={"phase": phase, "size": size},
    )
