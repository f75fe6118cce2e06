"""A deploy through Argo CD: have it look at the repository, and wait until it is done."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from ops.cluster.door import Cluster
from ops.cluster.kinds import Document
from ops.deploy import reason, stuck
from ops.errors import ConflictError, OpsError
from ops.manifests import Manifest
from ops.rendered import App, Fleet
from ops.waiting import NotYetError, until

LOOK_AGAIN_SECONDS = 5.0
LOOKS = 2
"""After so many looks at the repository Argo CD has seen what there is: one may have begun before
the push."""
SEEN_TIMEOUT_SECONDS = 120
SYNC_TIMEOUT_SECONDS = 1800
REFRESH = "argocd.argoproj.io/refresh"
"""The annotation that asks Argo CD to look; it is gone once Argo CD has."""
INCOMPARABLE = ("ComparisonError", "InvalidSpecError", "UnknownError")
"""The conditions that tell of more than a former sync."""
FAILED = ("Failed", "Error")
"""The phases of a sync that is not tried again."""

Say = Callable[[str], None]


@dataclass
class Delivery:
    """One commit on its way through Argo CD."""

    cluster: Cluster
    fleet: Fleet
    app: App
    commit: str
    say: Say
    keep_lock: Callable[[], None]
    looks: int = 0
    looked: float = 0.0
    told: str = ""
    former: str | None = None
    """When the last sync ended that there was before."""
    started_again: bool = False

    @property
    def root(self) -> Manifest:
        """The root Application."""
        return self.fleet.root

    def run(self) -> None:
        """Wait until the commit is synced and healthy.

        On a cluster that has none, the root Application is applied after its AppProject, and
        nothing else. A sync that failed for good before is started again. Raises OpsError with
        what Argo CD says.
        """
        self._apply_root()
        until(self._require_application, SEEN_TIMEOUT_SECONDS, self.keep_lock)
        self.say(f"Argo CD: Application {self.root.namespace}/{self.app.name}")
        self.looks = 0
        until(self._require_seen, SEEN_TIMEOUT_SECONDS, self.keep_lock)
        until(self._require_done, SYNC_TIMEOUT_SECONDS, self.keep_lock)

    def _apply_root(self) -> None:
        if self._get(self.root.name) is None:
            for manifest in self.fleet.root_documents:
                self.say(f"first install: applying {manifest}")
                self.cluster.apply(manifest.content)

    def _get(self, name: str) -> Document | None:
        return self.cluster.get("Application", name, self.root.namespace)

    def _look(self, name: str) -> Document:
        """An Application, after asking Argo CD now and then to look at the repository."""
        if time.monotonic() - self.looked > LOOK_AGAIN_SECONDS:
            self.looked = time.monotonic()
            self.looks += 1
            self._patch(name, {"metadata": {"annotations": {REFRESH: "normal"}}})
        found = self._get(name)
        if found is None:
            raise OpsError(f"the Application {name} was deleted meanwhile; deploy again")
        return found

    def _patch(self, name: str, changes: Document) -> None:
        metadata = {"name": name, "namespace": self.root.namespace}
        self.cluster.patch({"kind": "Application", "metadata": metadata}, changes)

    def _require_application(self) -> None:
        """NotYetError until the root Application has brought the app's."""
        if self._get(self.app.name) is None:
            root = self._look(self.root.name)
            raise NotYetError(f"Argo CD has no Application {self.app.name}{_complaints(root)}")

    def _require_seen(self) -> None:
        """NotYetError until Argo CD compares with the commit; OpsError if it has not got it."""
        application = self._look(self.app.name)
        self.former = _operation(application).get("finishedAt")
        sync = (application.get("status") or {}).get("sync") or {}
        seen = sync.get("revision") or "no commit"
        if seen == self.commit:
            return
        complaints = _complaints(application)
        sentence = f"Argo CD sees {seen}, not {self.commit}{complaints}"
        is_asked = REFRESH in (application["metadata"].get("annotations") or {})
        if is_asked or complaints or self.looks < LOOKS:
            raise NotYetError(sentence)
        branch = self.app.platform["revision"]
        raise OpsError(f"{sentence}; `git push origin HEAD:{branch}`, then deploy again")

    def _require_done(self) -> None:
        """NotYetError until the commit is synced and healthy; OpsError if it will not become so."""
        application = self._look(self.app.name)
        status, operation = application.get("status") or {}, _operation(application)
        sync, health = status.get("sync") or {}, (status.get("health") or {}).get("status")
        self._tell(status)
        if (seen := sync.get("revision")) and seen != self.commit:
            mend = "`git pull`, then deploy that"
            raise OpsError(f"Argo CD has gone on to {seen}, pushed meanwhile; {mend}")
        result, is_synced = operation.get("syncResult") or {}, sync.get("status") == "Synced"
        is_ours = result.get("revision") == self.commit
        if is_ours and _has_failed(operation):
            if operation.get("finishedAt") != self.former:
                self._give_up(str(operation.get("message")), result)
            self._start_again(operation)
        # A commit that changes nothing on the cluster is compared, and never synced.
        elif is_synced and operation.get("phase") == "Succeeded":
            if health == "Healthy":
                return
            if health == "Degraded":
                self._give_up("synced, but Degraded", status)
        elif is_synced:
            self._start_again(operation)
        if is_ours:
            self._heed_stuck_pod(operation)
        elif result.get("revision") and operation.get("phase") == "Running":
            self._heed_former_sync(application)
        raise NotYetError(f"Argo CD is not done: {self.told}")

    def _heed_stuck_pod(self, operation: Document) -> None:
        """OpsError if the commit's new pod does not come up."""
        for pod in self._stuck_pods(operation):
            # When a sync is tried again it takes a newer commit, and a former one's pod is there.
            if not stuck.is_made_of(pod, self.app.web):
                continue
            mend = "the old pods serve on, and Argo CD goes on trying: `ops rollback`, or mend it"
            said = "\n".join(reason.of_pod(self.cluster, pod))
            raise OpsError(f"the new pod does not come up ({mend})\n{said}")

    def _stuck_pods(self, operation: Document) -> list[Document]:
        """The pods that were made since the sync began, and do not come up."""
        begun = str(operation.get("startedAt") or "")
        return stuck.pods_of(self.cluster, self.app, begun) if begun else []

    def _heed_former_sync(self, application: Document) -> None:
        """End the sync of a former commit that failed, or will: Argo CD begins no other before.

        It waits up to three minutes before it tries a failed one again, and for a pod that does
        not come up the Deployment's progressDeadlineSeconds.
        """
        operation = _operation(application)
        if operation.get("finishedAt"):
            self._end(application, "which waits to be tried again")
        elif self._stuck_pods(operation):
            self._end(application, "whose new pod does not come up")

    def _end(self, application: Document, why: str) -> None:
        """End the sync that was seen to run, unless the Application is another by now."""
        seen = {"resourceVersion": application["metadata"]["resourceVersion"]}
        ended = {"operationState": {"phase": "Terminating"}}
        with contextlib.suppress(ConflictError):
            self._patch(self.app.name, {"metadata": seen, "status": ended})
            self.say(f"ended the sync of a former commit, {why}")

    def _start_again(self, operation: Document) -> None:
        """After a sync that failed start one, once, as Argo CD would by itself.

        It does not past its retry limit, nor when a commit takes back what the failed one would
        have changed, and so leaves nothing to sync.
        """
        if operation.get("phase") not in FAILED or self.started_again:
            return
        self.started_again = True
        self.say("the last sync failed; starting one of this commit")
        policy = self.app.application.spec["syncPolicy"]
        sync = {
            "revision": self.commit,
            "prune": policy["automated"]["prune"],
            "syncOptions": policy["syncOptions"],
        }
        self._patch(self.app.name, {"operation": {"sync": sync, "retry": policy["retry"]}})

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


def _operation(application: Document) -> Document:
    """The sync that runs, or the last one."""
    return dict((application.get("status") or {}).get("operationState") or {})


def _has_failed(operation: Document) -> bool:
    """Whether a sync failed: for good, or in a hook, which has had its own tries.

    A sync that waits to be tried again is Running, and has come to an end. What else failed in it
    is tried again: a Certificate is Degraded for the moment until cert-manager has begun with it.
    """
    if operation.get("phase") != "Running":
        return operation.get("phase") in FAILED
    results = (operation.get("syncResult") or {}).get("resources") or []
    failed_hook = any(r.get("hookType") and r.get("hookPhase") == "Failed" for r in results)
    return bool(operation.get("finishedAt")) and failed_hook


def _complaints(application: Document) -> str:
    """What keeps Argo CD from comparing, as the end of a sentence."""
    conditions = (application.get("status") or {}).get("conditions") or []
    return "".join(f"; {one.get('message')}" for one in conditions if one["type"] in INCOMPARABLE)


def is_bad(result: Document) -> bool:
    """Whether Argo CD says that a document failed, or that its object is degraded."""
    failed = result.get("hookPhase") == "Failed" or result.get("status") == "SyncFailed"
    return failed or (result.get("health") or {}).get("status") == "Degraded"
