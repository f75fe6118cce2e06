"""The volume that keeps what users upload."""

from __future__ import annotations

from ops.cluster.reported import status_of
from ops.rendered import App
from ops.status.item import Item, Verdict
from ops.status.live import Live

_PHASES = {"Bound": Verdict.OK, "Pending": Verdict.UNDER_WAY, "Lost": Verdict.WRONG}


def volume(app: App, live: Live) -> Item:
    """Whether the claim has its volume, and how large that is."""
    manifest = app.some("PersistentVolumeClaim")
    if manifest is None:
        return Item("volume", Verdict.OK, "none is rendered")
    document = live.of(manifest)
    if document is None:
        return Item("volume", Verdict.WRONG, f"there is no {manifest}")
    status = status_of(document)
    phase, size = str(status.get("phase", "Unknown")), (status.get("capacity") or {}).get("storage")
    return Item(
        "volume",
        _PHASES.get(phase, Verdict.UNKNOWN),
        f"{manifest.name} {phase}" + (f", {size}" if size else ""),
        facts={"phase": phase, "size": size},
    )
