"""A deploy through Argo CD: have it look at the repository, and wait until it is done."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from ops.cluster.door import Cluster
from ops.cluster.kinds import Document
from ops.deploy import reason
from ops.errors import OpsError
from ops.manifests import Manifest
from ops.rendered import App
from ops.waiting import POLL_SECONDS, until

LOOK_AGAIN_SECONDS = 5.0
SEEN_TIMEOUT_SECONDS = 120
SYNC_TIMEOUT_SECONDS = 1800
REFRESH = {"metadata": {"annotations": {"argocd.argoproj.io/refresh": "normal"}}}

Say = Callable[[str], None]


@dataclass
class Delivery:
    """One commit on its way through Argo CD."""

    cluster: Cluster
    app: App
    root: Manifest
    commit: str
    say: Say
    keep_lock: Callable[[], None]
    looked: float = 0.0
    told: str = ""
    asked: bool = False

    def run(self) -> None:
        """Wait until the commit is synced and healthy.

        On a cluster that has none, the root Application is applied, and nothing else. A sync that
        failed for good is started again once. Raises OpsError with what Argo CD says.
        """
        self._apply_root()
        namespace = self.root.namespace
        found = f"Argo CD has the Application {self.app.name} (is {self.commit[:7]} pushed?)"
        until(lambda: self._application(look=self.root.name), found, SEEN_TIMEOUT_SECONDS)
        self.say(f"Argo CD: Application {namespace}/{self.app.name}")
        self._wait_until_seen()
        deadline = time.monotonic() + SYNC_TIMEOUT_SECONDS
        while not self._is_done():
            self.keep_lock()
            if time.monotonic() > deadline:
                raise OpsError(f"Argo CD is not done after {SYNC_TIMEOUT_SECONDS} s: {self.told}")
            time.sleep(POLL_SECONDS)

    def _apply_root(self) -> None:
        if self.cluster.get("Application", self.root.name, self.root.namespace) is None:
            self.say(f"first install: applying {self.root}")
            self.cluster.apply(self.root.content)

    def _application(self, look: str | None = None) -> Document | None:
        """The app's Application, after telling Argo CD to look at the repository now and then."""
        if time.monotonic() - self.looked > LOOK_AGAIN_SECONDS:
            self.looked = time.monotonic()
            self._patch(look or self.app.name, REFRESH)
        return self.cluster.get("Application", self.app.name, self.root.namespace)

    def _patch(self, name: str, changes: Document) -> None:
        metadata = {"name": name, "namespace": self.root.namespace}
        self.cluster.patch({"kind": "Application", "metadata": metadata}, changes)

    def _wait_until_seen(self) -> None:
        """Wait until Argo CD compares with the commit that is to be deployed."""

        def sees() -> bool | None:
            sync = ((self._application() or {}).get("status") or {}).get("sync") or {}
            self.told = str(sync.get("revision") or "no commit yet")
            return True if self.told == self.commit else None

        try:
            until(sees, f"Argo CD sees {self.commit[:7]}", SEEN_TIMEOUT_SECONDS)
        except OpsError as error:
            mend = f"`git push` it to {self.app.platform['revision']}, then deploy again"
            raise OpsError(f"Argo CD sees {self.told}, not {self.commit}; {mend}") from error

    def _is_done(self) -> bool:
        """Whether the commit is synced and healthy; OpsError if it will not become so."""
        status = (self._application() or {}).get("status") or {}
        operation, sync = status.get("operationState") or {}, status.get("sync") or {}
        health, phase = (status.get("health") or {}).get("status"), operation.get("phase")
        self._tell(status)
        ours = (operation.get("syncResult") or {}).get("revision") == self.commit
        if ours and phase in {"Failed", "Error"} and not self._try_again():
            self._give_up(str(operation.get("message")), operation.get("syncResult") or {})
        # A commit that changes nothing on the cluster is compared, and never synced.
        synced = sync.get("status") == "Synced" and sync.get("revision") == self.commit
        if not synced or phase != "Succeeded":
            return False
        if health == "Degraded":
            self._give_up("synced, but Degraded", status)
        return bool(health == "Healthy")

    def _try_again(self) -> bool:
        """Start a failed sync of this commit once: Argo CD does not, past its retry limit."""
        if self.asked:
            return False
        self.asked = True
        self.say("the last sync of this commit failed; starting it again")
        operation = {"sync": {"revision": self.commit, "syncOptions": ["ServerSideApply=true"]}}
        self._patch(self.app.name, {"operation": operation})
        self.looked = time.monotonic()
        time.sleep(2 * POLL_SECONDS)
        return True

    def _tell(self, status: Document) -> None:
        """Say what Argo CD says whenever it says something new."""
        operation = status.get("operationState") or {}
        told = " · ".join(
            str(part)
            for part in (
                (status.get("sync") or {}).get("status"),
                (status.get("health") or {}).get("status"),
                operation.get("phase"),
                operation.get("message"),
            )
            if part
        )
        if told != self.told:
            self.told = told
            self.say(f"Argo CD: {told}")

    def _give_up(self, message: str, told: Document) -> None:
        problems = [f"Argo CD: {message}"]
        for result in told.get("resources") or []:
            if is_bad(result):
                kind, name = str(result.get("kind")), str(result.get("name"))
                namespace = str(result.get("namespace") or "")
                said = result.get("message") or (result.get("health") or {}).get("message") or ""
                problems.append(f"{kind} {namespace}/{name}: {said}")
                problems.append(reason.of(self.cluster, kind, name, namespace))
        raise OpsError("\n".join(filter(None, problems)))


def is_bad(result: Document) -> bool:
    """Whether Argo CD says that a document failed, or that its object is degraded."""
    failed = result.get("hookPhase") == "Failed" or result.get("status") == "SyncFailed"
    return failed or (result.get("health") or {}).get("status") == "Degraded"
