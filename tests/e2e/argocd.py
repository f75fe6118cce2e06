"""Argo CD as a rehearsal sees it: through the Application's own status."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lightkube import ApiError

from box.poll import until

if TYPE_CHECKING:
    from ops.objects.base import Document
    from tests.e2e.cluster import Cluster

NAMESPACE = "argocd"
SYNC_TIMEOUT_SECONDS = 90.0
LOOK_AGAIN_SECONDS = 2.0


@dataclass
class Application:
    """One Application; it may not exist yet."""

    cluster: Cluster
    name: str
    looked: float = 0.0

    @property
    def document(self) -> Document | None:
        return self.cluster.get("Application", self.name, NAMESPACE)

    @property
    def status(self) -> Document:
        return dict((self.document or {}).get("status", {}))

    @property
    def operation(self) -> Document:
        return dict(self.status.get("operationState", {}))

    @property
    def message(self) -> str:
        """What Argo CD reports of the sync that runs, or of the last one."""
        return str(self.operation.get("message", ""))

    @property
    def results(self) -> list[Document]:
        """What became of each document in that sync."""
        return list(self.operation.get("syncResult", {}).get("resources", []))

    @property
    def conditions(self) -> str:
        """Everything Argo CD complains of."""
        return "\n".join(c["message"] for c in self.status.get("conditions", []))

    def refresh(self) -> None:
        """Tell Argo CD to look at the repository, as the webhook does after a push."""
        if time.monotonic() - self.looked < LOOK_AGAIN_SECONDS:
            return
        self.looked = time.monotonic()
        request = {"metadata": {"annotations": {"argocd.argoproj.io/refresh": "normal"}}}
        this = {"kind": "Application", "metadata": {"name": self.name, "namespace": NAMESPACE}}
        with contextlib.suppress(ApiError):  # not there yet
            self.cluster.patch(this, request)

    def is_at(self, commit: str) -> bool:
        """Whether a commit is synced completely, and all of it is healthy."""
        self.refresh()
        return is_done(self.document or {}, commit)

    def wait_for(self, commit: str, timeout_seconds: float = SYNC_TIMEOUT_SECONDS) -> None:
        """Return once a commit is synced and healthy."""
        try:
            until(lambda: self.is_at(commit), f"{self.name} at {commit[:7]}", timeout_seconds)
        except Exception as error:
            error.add_note(
                f"{self.name}: {self.message}\n{self.conditions}\n{self.status.get('health')}"
            )
            raise


def is_done(application: Document, commit: str) -> bool:
    """Whether an Application says that a commit is synced completely, and all of it is healthy."""
    status = application.get("status", {})
    sync, operation = status.get("sync", {}), status.get("operationState", {})
    return bool(
        sync.get("status") == "Synced"
        and sync.get("revision") == commit
        and operation.get("phase") == "Succeeded"
        and operation.get("syncResult", {}).get("revision") == commit
        and status.get("health", {}).get("status") == "Healthy"
    )
