"""A deploy through Argo CD: have it look at the repository, and wait until it has synced."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ops.cluster.client import Cluster
from ops.cluster.foreign_marks import foreign_marks
from ops.cluster.waiting import NotYetError, until
from ops.deploy import additional_host, reason, stuck
from ops.documents.fleet import App, Fleet
from ops.documents.manifest import Manifest
from ops.documents.tracking import LEFT_ALONE
from ops.errors import ConflictError, OpsError
from ops.kinds.application import (
    FAILED,
    RUNNING,
    SUCCEEDED,
    Application,
    ApplicationStatus,
    OperationState,
    ResourceResult,
)
from ops.objects.base import Document

LOOK_AGAIN_SECONDS = 5.0
LOOKS = 2
"""After so many looks at the repository Argo CD has seen what there is: one may have begun before
the push."""
SEEN_TIMEOUT_SECONDS = 120
SYNC_TIMEOUT_SECONDS = 1800
ADDITIONAL_HOST_TIMEOUT_SECONDS = 180
"""A certificate is issued within a minute or two once the host's DNS record is right."""
REFRESH = "argocd.argoproj.io/refresh"
"""The annotation that asks Argo CD to look; it is gone once Argo CD has."""
INCOMPARABLE = ("ComparisonError", "InvalidSpecError", "UnknownError")
"""The conditions that are about more than a former sync."""

SHARED = "Shared resource found"
OUT_OF_SYNC = "OutOfSync"
LEFT_TIMEOUT_SECONDS = 15
"""Argo CD compares again within seconds of the end of a sync."""

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
    shown: str = ""
    former: str = ""
    """When the last sync ended that there was before."""
    started_again: bool = False
    handed_over: bool = False
    """Whether it has ended the sync because an object has become the app's meanwhile."""
    left_since: float = 0.0
    """Since when only objects that it no longer renders are OutOfSync; 0 if they are not."""
    host_awaited: float = 0.0
    """Since when the sync waits for an additional host; 0 if it does not."""

    @property
    def root(self) -> Manifest:
        """The root Application."""
        return self.fleet.root

    def run(self) -> None:
        """Wait until the commit is synced and healthy.

        On a cluster that has none, the root Application is applied after its AppProject, and
        nothing else. A sync that failed for good before is started again. Raises OpsError with
        what Argo CD reports.
        """
        self._apply_root()
        until(self._require_application, SEEN_TIMEOUT_SECONDS, self.keep_lock, self.say)
        self.say(f"Argo CD: Application {self.root.namespace}/{self.app.name}")
        self.looks = 0
        until(self._require_seen, SEEN_TIMEOUT_SECONDS, self.keep_lock, self.say)
        until(self._require_done, SYNC_TIMEOUT_SECONDS, self.keep_lock)

    def _apply_root(self) -> None:
        if self._get(self.root.name) is None:
            for manifest in self.fleet.root_documents:
                self.say(f"first install: applying {manifest}")
                self.cluster.apply(manifest.content)

    def _get(self, name: str) -> Application | None:
        return self.cluster.get(Application, name, self.root.namespace)

    def _look(self, name: str) -> Application:
        """An Application, after asking Argo CD now and then to look at the repository."""
        if time.monotonic() - self.looked > LOOK_AGAIN_SECONDS:
            self.looked = time.monotonic()
            self.looks += 1
            self._patch(name, {"metadata": {"annotations": {REFRESH: "normal"}}})
        found = self._get(name)
        if found is None:
            raise OpsError(f"the Application {name} was deleted during the deploy; deploy again")
        return found

    def _patch(self, name: str, changes: Document) -> None:
        self.cluster.patch(Application, name, self.root.namespace, changes)

    def _require_application(self) -> None:
        """NotYetError until the root Application has made the app's."""
        if self._get(self.app.name) is None:
            root = self._look(self.root.name)
            raise NotYetError(f"Argo CD has no Application {self.app.name}{_complaints(root)}")

    def _require_seen(self) -> None:
        """NotYetError until Argo CD compares with the commit; OpsError if it does not have it."""
        application = self._look(self.app.name)
        self.former = application.status.operation_state.finished_at
        seen = application.status.sync.revision or "no commit"
        if seen == self.commit:
            return
        complaints = _complaints(application)
        sentence = f"Argo CD sees {seen}, not {self.commit}{complaints}"
        is_asked = REFRESH in application.metadata.annotations
        if is_asked or complaints or self.looks < LOOKS:
            raise NotYetError(sentence)
        branch = self.app.platform.revision
        raise OpsError(f"{sentence}; `git push origin HEAD:{branch}`, then deploy again")

    def _require_done(self) -> None:
        """NotYetError until the commit is synced and healthy; OpsError if it will not become so."""
        application = self._look(self.app.name)
        status, operation = application.status, application.status.operation_state
        self._tell(status)
        if status.sync.revision and status.sync.revision != self.commit:
            fix = "`git pull`, then deploy again"
            raise OpsError(f"Argo CD now syncs a newer commit, {status.sync.revision}; {fix}")
        is_synced = status.sync.status == "Synced"
        is_ours = operation.sync_result.revision == self.commit
        if is_ours and operation.has_failed:
            if operation.finished_at != self.former and not self.handed_over:
                self._give_up(operation.message, operation.sync_result.resources)
            self._start_again(operation)
        # A commit that changes nothing on the cluster is compared, and never synced.
        elif is_synced and operation.phase == SUCCEEDED:
            if status.health.status == "Healthy":
                return
            if status.health.status == "Degraded":
                self._give_up("synced, but Degraded", status.resources)
        elif is_synced:
            self._start_again(operation)
        if is_ours:
            self._heed_left_objects(status)
            self._heed_shared_object(application)
            self._heed_stuck_pod(operation)
            self._heed_additional_host(application)
        elif operation.sync_result.revision and operation.phase == RUNNING:
            self._heed_former_sync(application)
        raise NotYetError(f"Argo CD has not finished: {self.shown}")

    def _heed_left_objects(self, status: ApplicationStatus) -> None:
        """OpsError if nothing but objects that are kept, and no longer rendered, is OutOfSync."""
        left = [r for r in status.resources if r.status == OUT_OF_SYNC]
        is_over = status.operation_state.phase == SUCCEEDED and status.sync.status == OUT_OF_SYNC
        if not is_over or not left or not all(r.requires_pruning for r in left):
            self.left_since = 0.0
            return
        self.left_since = self.left_since or time.monotonic()
        if time.monotonic() - self.left_since >= LEFT_TIMEOUT_SECONDS:
            names = ", ".join(f"{r.kind} {r.namespace}/{r.name}" for r in left)
            raise OpsError(
                f"{self.app.name} is deployed, and stays OutOfSync because of {names}, which it no "
                f"longer renders and Argo CD does not delete; to leave it there, annotate it with "
                f"{LEFT_ALONE}"
            )

    def _heed_shared_object(self, application: Application) -> None:
        """OpsError if an object is another Application's; if it no longer is, syncs at once.

        Argo CD would try again after up to three minutes.
        """
        operation = application.status.operation_state
        is_waiting = operation.phase == RUNNING and bool(operation.finished_at)
        if SHARED not in operation.message or not is_waiting or self.handed_over:
            return
        if marks := self._foreign_marks():
            raise OpsError("\n".join([f"Argo CD: {operation.message}", *marks]))
        self.handed_over = True
        self._end(application, "which was waiting for a retry", which="this commit")

    def _foreign_marks(self) -> list[str]:
        """Whose objects the app renders, and how it gets them."""
        found = foreign_marks(self.cluster, self.app)
        return [f"{mark.problem}; {mark.fix}" for mark in found]

    def _heed_stuck_pod(self, operation: OperationState) -> None:
        """OpsError if the commit's new pod does not come up."""
        for found in self._stuck_pods(operation):
            # When a sync is tried again it takes a newer commit, and a former one's pod is there.
            if not found.is_as_rendered:
                continue
            why = "\n".join(reason.describe_pod(self.cluster, found.pod))
            serves = "the old pods still serve and Argo CD keeps retrying"
            if found.workload.manifest is not self.app.web.manifest:
                serves = "Argo CD keeps retrying"
            fix = f"{serves}: run `ops rollback --app {self.app.name}`, or fix it"
            raise OpsError(
                f"{found.workload.manifest}: the new pod does not become ready ({fix})\n{why}"
            )

    def _stuck_pods(self, operation: OperationState) -> list[stuck.StuckPod]:
        """The pods that were made since the sync began, and do not come up."""
        begun = operation.started_at
        return stuck.pods_of(self.cluster, self.app, begun) if begun else []

    def _heed_former_sync(self, application: Application) -> None:
        """End the sync of a former commit that failed, or will: Argo CD begins no other before.

        It waits up to three minutes before it tries a failed one again, and for a pod that does
        not come up the Deployment's progressDeadlineSeconds.
        """
        operation = application.status.operation_state
        if operation.finished_at:
            self._end(application, "which was waiting for a retry")
        elif self._stuck_pods(operation):
            self._end(application, "whose new pod does not become ready")
        elif certificate := additional_host.awaited_certificate(self.app, operation.message):
            self._end(application, f"which waits for Certificate {certificate}")

    def _heed_additional_host(self, application: Application) -> None:
        """OpsError if the sync has long waited for an additional host's certificate, and ends it.

        All else is synced by then. Argo CD would wait for ever, and sync no later commit.
        """
        operation = application.status.operation_state
        awaited = additional_host.awaited_certificate(self.app, operation.message)
        if not awaited or operation.phase != RUNNING:
            self.host_awaited = 0.0
            return
        self.host_awaited = self.host_awaited or time.monotonic()
        if time.monotonic() - self.host_awaited >= ADDITIONAL_HOST_TIMEOUT_SECONDS:
            self._end(application, f"which waits for Certificate {awaited}", which="this commit")
            raise OpsError(additional_host.problem(self.cluster, self.app, awaited))

    def _end(self, application: Application, why: str, *, which: str = "an earlier commit") -> None:
        """End the sync that was seen to run, unless the Application is another by now."""
        seen = {"resourceVersion": application.metadata.resource_version}
        ended = {"operationState": {"phase": "Terminating"}}
        with contextlib.suppress(ConflictError):
            self._patch(self.app.name, {"metadata": seen, "status": ended})
            self.say(f"terminated the sync of {which}, {why}")

    def _start_again(self, operation: OperationState) -> None:
        """After a sync that failed start one, once, as Argo CD would by itself.

        It does not past its retry limit, nor when a commit takes back what the failed one would
        have changed, and so leaves nothing to sync.
        """
        if operation.phase not in FAILED or self.started_again:
            return
        self.started_again = True
        self.former, self.handed_over = operation.finished_at, False
        self.say("the last sync failed; starting one of this commit")
        policy = self.app.application.content["spec"]["syncPolicy"]
        sync = {
            "revision": self.commit,
            "prune": policy["automated"]["prune"],
            "syncOptions": policy["syncOptions"],
        }
        self._patch(self.app.name, {"operation": {"sync": sync, "retry": policy["retry"]}})

    def _tell(self, status: ApplicationStatus) -> None:
        """Show what Argo CD reports whenever that changes."""
        operation = status.operation_state
        parts = (status.sync.status, status.health.status, operation.phase, operation.message)
        shown = " · ".join(filter(None, parts))
        if shown != self.shown:
            self.shown = shown
            self.say(f"Argo CD: {shown}")

    def _give_up(self, message: str, results: Sequence[ResourceResult]) -> None:
        problems = [f"Argo CD: {message}"]
        if SHARED in message:
            problems += self._foreign_marks()
        for result in results:
            if result.is_bad:
                why = result.message or result.health.message
                problems.append(f"{result.kind} {result.namespace}/{result.name}: {why}")
                problems.append(
                    reason.describe(self.cluster, result.kind, result.name, result.namespace)
                )
        raise OpsError("\n".join(filter(None, problems)))


def _complaints(application: Application) -> str:
    """What keeps Argo CD from comparing, as the end of a sentence."""
    conditions = application.status.conditions
    return "".join(f"; {one.message}" for one in conditions if one.type in INCOMPARABLE)
