"""Objects of an app that bear the mark of another Application of Argo CD."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ops.cluster.client import Cluster
from ops.documents import tracking
from ops.documents.fleet import App
from ops.documents.manifest import Manifest


@dataclass(frozen=True)
class ForeignMark:
    """An object, and the Application that owns it."""

    manifest: Manifest
    owner: str

    @property
    def problem(self) -> str:
        """What that does."""
        return f"{self.manifest} is Application {self.owner}'s, so Argo CD refuses the app's sync"

    @property
    def fix(self) -> str:
        """How the app gets it."""
        release = tracking.release(self.manifest)
        return f"once {self.owner} no longer renders {self.manifest}, {release}"


def foreign_marks(cluster: Cluster, app: App) -> Iterator[ForeignMark]:
    """Objects that are kept when an Application is deleted, and so may still be another's."""
    for manifest in app.documents:
        if manifest.entry is None or not manifest.entry.kept:
            continue
        live = cluster.live(manifest)
        annotations = live.object.metadata.annotations if live else {}
        owner = tracking.owner(annotations)
        if owner not in ("", app.application.name):
            yield ForeignMark(manifest, owner)
