"""What a deploy makes of what Argo CD says, where a rehearsal cannot hold the moment."""

import re
from copy import deepcopy
from typing import Any, TypeVar

import pytest

from ops.cluster import waiting
from ops.cluster.live_object import LiveObject
from ops.cluster.pod_log import LogRequest
from ops.deploy import delivery
from ops.deploy.delivery import Delivery
from ops.documents.fleet import load
from ops.documents.manifest import Manifest
from ops.errors import ConflictError, OpsError
from ops.kinds.application import Application
from ops.kinds.pod import Pod
from ops.objects.base import Object, typed
from tests import frozen

M = TypeVar("M", bound=Object)
FLEET = load(frozen.FOLDER)
APP = FLEET.app("vergabe-teilnahme")
DIGEST = "railiance.io/secrets-digest"
APP.web.manifest.content["spec"]["template"]["metadata"]["annotations"] = {DIGEST: "ours"}
OURS, OTHER = "a" * 40, "b" * 40
BEFORE, BEGUN, SINCE = (f"2026-01-01T00:00:0{second}Z" for second in range(3))
MIGRATION = {
    "kind": "Job",
    "namespace": APP.namespace,
    "name": "migrate",
    "hookType": "Sync",
    "hookPhase": "Failed",
    "message": "backoff limit",
}
CERTIFICATE = {"kind": "Certificate", "name": "tls", "hookPhase": "Failed"}
"""Not a hook, for all that."""


def sync(
    phase: str, ended: str | None = None, *resources: dict[str, Any], revision: str = OURS
) -> dict[str, Any]:
    """A sync of ours, as Argo CD reports it; one that is to be tried again runs, and has ended."""
    result = {"revision": revision, "resources": list(resources)}
    told = {"phase": phase, "finishedAt": ended, "message": phase.lower(), "syncResult": result}
    return {**told, "startedAt": BEGUN}


def application(
    revision: str, operation: dict[str, Any] | None = None, **status: Any
) -> dict[str, Any]:
    told = {"sync": {"status": "OutOfSync", "revision": revision}, "operationState": operation}
    return {
        "kind": "Application",
        "metadata": {"resourceVersion": "1"},
        "status": {**told, **status},
    }


SEEN = application(OURS)
IN_SYNC = {"sync": {"status": "Synced", "revision": OURS}, "health": {"status": "Healthy"}}
HEALTHY = application(OURS, sync("Succeeded", "now"), **IN_SYNC)
DEGRADED = {**HEALTHY, "status": {**HEALTHY["status"], "health": {"status": "Degraded"}}}
MIGRATION_FAILED = application(OURS, sync("Running", "first", MIGRATION))
TRIED_AGAIN = application(OURS, sync("Running"))
CERTIFICATE_FAILED = application(OURS, sync("Running", "first", CERTIFICATE))
FORMER_FAILED = application(OURS, sync("Running", "first", MIGRATION, revision=OTHER))
FAILED_AGAIN = application(OURS, sync("Running", "second", MIGRATION))
FAILED = application(OURS, sync("Failed", "first", MIGRATION))
UNREADABLE = application(OTHER, conditions=[{"type": "ComparisonError", "message": "no route"}])


class Told:
    """A cluster whose Argo CD says one thing after the other, and the last for ever."""

    def __init__(self, *told: dict[str, Any]) -> None:
        self.told = list(told)
        self.started: list[Any] = []
        self.ended = 0
        self.outrun = False
        self.pods: list[dict[str, Any]] = []
        self.has_root = True
        self.owner = ""
        self.applied: list[tuple[str, str]] = []

    def get(self, model: type[M], name: str, _: str | None = None) -> M | None:
        if model is not Application or name == FLEET.root.name:
            return model() if self.has_root else None
        return typed(model, self.told.pop(0) if len(self.told) > 1 else self.told[0])

    def apply(self, document: dict[str, Any]) -> None:
        self.applied.append((document["kind"], document["metadata"]["name"]))
        self.has_root |= document["kind"] == "Application"

    def live(self, manifest: Manifest) -> LiveObject | None:
        if manifest.kind != "Database" or not self.owner:
            return None
        mark = {"argocd.argoproj.io/tracking-id": f"{self.owner}:postgresql.cnpg.io/Database:x/y"}
        return LiveObject({**manifest.content, "metadata": {"annotations": mark}}, manifest.entry)

    def all(self, model: type[M], *_: Any) -> list[M]:
        return [typed(model, pod) for pod in self.pods] if model is Pod else []

    def logs(self, _: Pod, request: LogRequest) -> list[str]:
        return [f"Traceback of {request.container or 'web'}"]

    def patch(self, _: type[Object], name: str, __: str, changes: dict[str, Any]) -> None:
        assert name in (APP.name, FLEET.root.name)
        self.started += [changes["operation"]] if "operation" in changes else []
        if changes.get("status") == {"operationState": {"phase": "Terminating"}}:
            assert changes["metadata"] == {"resourceVersion": "1"}
            if self.outrun:
                raise ConflictError("somebody was faster")
            self.ended += 1


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "POLL_SECONDS", 0)
    monkeypatch.setattr(delivery, "LOOK_AGAIN_SECONDS", -1)
    monkeypatch.setattr(delivery, "SEEN_TIMEOUT_SECONDS", 0.01)
    monkeypatch.setattr(delivery, "SYNC_TIMEOUT_SECONDS", 0.1)


def deliver(cluster: Told) -> None:
    said: list[str] = []
    # The first is asked for whether the Application is there at all.
    cluster.told.insert(0, cluster.told[0])
    Delivery(cluster, FLEET, APP, OURS, said.append, lambda: None).run()  # type: ignore[arg-type]


MIGRATION_TOLD = f"Job {APP.namespace}/migrate: backoff limit"
ENDINGS = {
    "not pushed": (
        [application(OTHER)],
        f"Argo CD sees {OTHER}, not {OURS}; `git push origin HEAD:main`",
    ),
    "Argo CD cannot read": ([UNREADABLE], "not within .*; no route$"),
    "pushed meanwhile": ([SEEN, application(OTHER)], f"now syncs a newer commit, {OTHER}"),
    "migration": ([SEEN, MIGRATION_FAILED], MIGRATION_TOLD),
    "migration that had failed before": (
        [MIGRATION_FAILED, MIGRATION_FAILED, TRIED_AGAIN, FAILED_AGAIN],
        MIGRATION_TOLD,
    ),
    "sync": ([SEEN, FAILED], MIGRATION_TOLD),
    "time": ([SEEN, TRIED_AGAIN], "not within .*Argo CD has not finished"),
    "degraded": ([DEGRADED], "synced, but Degraded"),
}


@pytest.mark.parametrize(("told", "words"), ENDINGS.values(), ids=ENDINGS)
def test_deploy_ends_with_what_argo_cd_says(told: list[dict[str, Any]], words: str) -> None:
    with pytest.raises(OpsError, match=f"(?s){words}"):
        deliver(Told(*told))


def test_first_install_applies_the_root_application_after_its_project() -> None:
    cluster = Told(SEEN, HEALTHY)
    cluster.has_root = False
    deliver(cluster)
    assert cluster.applied == [("AppProject", "railiance01"), ("Application", "railiance01")]


def test_root_application_that_is_there_is_not_applied_again() -> None:
    cluster = Told(SEEN, HEALTHY)
    deliver(cluster)
    assert cluster.applied == []


def test_what_is_no_hook_and_failed_is_waited_for_until_it_is_tried_again() -> None:
    deliver(Told(SEEN, CERTIFICATE_FAILED, TRIED_AGAIN, HEALTHY))


def test_commit_that_argo_cd_has_looked_for_only_once_may_yet_come() -> None:
    deliver(Told(application(OTHER), SEEN, HEALTHY))


@pytest.mark.parametrize(
    ("told", "started"),
    [
        ([MIGRATION_FAILED, MIGRATION_FAILED, TRIED_AGAIN, HEALTHY], 0),
        ([FAILED, FAILED, FAILED, TRIED_AGAIN, HEALTHY], 1),
    ],
)
def test_sync_that_failed_before_is_waited_for_or_started_again_once(
    told: list[dict[str, Any]], started: int
) -> None:
    cluster = Told(*told)
    deliver(cluster)
    assert len(cluster.started) == started


@pytest.mark.parametrize("phase", ["Failed", "Error"])
def test_sync_that_is_started_is_as_argo_cd_would_start_it(phase: str) -> None:
    """Here of a commit that takes a failed one back: nothing differs, so Argo CD starts none."""
    former = sync(phase, "first", MIGRATION, revision=OTHER)
    cluster = Told(*[application(OURS, former, **IN_SYNC)] * 3, HEALTHY)
    deliver(cluster)
    (started,) = cluster.started
    policy = APP.application.content["spec"]["syncPolicy"]
    assert started == {
        "sync": {"revision": OURS, "prune": True, "syncOptions": policy["syncOptions"]},
        "retry": policy["retry"],
    }


def test_sync_of_a_former_commit_that_runs_yet_is_waited_for() -> None:
    former = application(OURS, sync("Running", revision=OTHER), **IN_SYNC)
    cluster = Told(SEEN, former, HEALTHY)
    deliver(cluster)
    assert not cluster.started


def pod(made: str, *, ready: bool = False, restarts: int = 0, waits: str = "") -> dict[str, Any]:
    """A web pod as Kubernetes reports it."""
    state = {"waiting": {"reason": waits}} if waits else {"running": {}}
    container = {"ready": ready, "restartCount": restarts, "state": state}
    metadata = {
        "name": "web",
        "namespace": APP.namespace,
        "creationTimestamp": made,
        "labels": dict(APP.web.labels),
        "annotations": {DIGEST: "ours", "set/by": "somebody else"},
    }
    status = {"phase": "Running", "containerStatuses": [container]}
    return {
        "metadata": metadata,
        "spec": deepcopy(APP.web.manifest.content["spec"]["template"]["spec"]),
        "status": status,
    }


def held_up(pod: dict[str, Any], name: str) -> dict[str, Any]:
    """The same, but what fails is a container before the pod's own."""
    (container,) = pod["status"]["containerStatuses"]
    before, own = {**container, "name": name}, {"state": {"waiting": {"reason": "PodInitializing"}}}
    pod["status"] |= {"initContainerStatuses": [before], "containerStatuses": [own]}
    return pod


def ending(pod: dict[str, Any]) -> dict[str, Any]:
    """The same, once it has been deleted."""
    pod["metadata"]["deletionTimestamp"] = SINCE
    return pod


def of_former_image(pod: dict[str, Any]) -> dict[str, Any]:
    """The same, but of the commit of which a sync that is tried again was at first."""
    pod["spec"]["containers"][0]["image"] = "former"
    return pod


def of_former_secrets(pod: dict[str, Any]) -> dict[str, Any]:
    """The same, but of another secrets file."""
    pod["metadata"]["annotations"][DIGEST] = "former"
    return pod


HELD_UP = held_up(pod(SINCE, restarts=3, waits="CrashLoopBackOff"), "wait-for-migrations")
STUCK = {
    "crashes": pod(SINCE, restarts=3, waits="CrashLoopBackOff"),
    "runs between two crashes": pod(SINCE, restarts=4),
    "no image": pod(SINCE, waits="ImagePullBackOff"),
    "no image for what comes first": held_up(pod(SINCE, waits="ImagePullBackOff"), "first"),
    "crashes before its own container starts": HELD_UP,
    "made in the second of the sync": pod(BEGUN, waits="CreateContainerConfigError"),
}
UNDER_WAY = {
    "starts": pod(SINCE, waits="ContainerCreating"),
    "waits before its own container starts": held_up(pod(SINCE, restarts=2), "first"),
    "crashed twice": pod(SINCE, restarts=2, waits="CrashLoopBackOff"),
    "crashed, and has recovered": pod(SINCE, restarts=9, ready=True),
    "is what this deploy replaces": pod(BEFORE, restarts=9, waits="CrashLoopBackOff"),
    "is of a former image": of_former_image(pod(SINCE, restarts=9)),
    "is of former secrets": of_former_secrets(pod(SINCE, restarts=9)),
    "is about to go": ending(pod(SINCE, restarts=9, waits="CrashLoopBackOff")),
}


@pytest.mark.parametrize("stuck", STUCK.values(), ids=STUCK)
def test_new_pod_that_does_not_come_up_ends_the_deploy(stuck: dict[str, Any]) -> None:
    cluster = Told(SEEN, TRIED_AGAIN)
    cluster.pods = [UNDER_WAY["is what this deploy replaces"], stuck]
    with pytest.raises(
        OpsError, match=r"(?s)the new pod does not become ready .*ops rollback.*Traceback"
    ):
        deliver(cluster)


def test_log_that_is_shown_is_that_of_the_container_that_fails() -> None:
    for stuck, failing in ((STUCK["crashes"], "web"), (HELD_UP, "wait-for-migrations")):
        cluster = Told(SEEN, TRIED_AGAIN)
        cluster.pods = [stuck]
        with pytest.raises(OpsError, match=f"CrashLoopBackOff.*\n.*Traceback of {failing}"):
            deliver(cluster)


@pytest.mark.parametrize(
    ("former", "ended"),
    [
        (sync("Running", revision=OTHER), 1),
        (sync("Failed", "now", revision=OTHER), 0),
    ],
)
def test_sync_of_a_former_commit_that_waits_for_stuck_pods_is_ended(
    former: dict[str, Any], ended: int
) -> None:
    cluster = Told(SEEN, application(OURS, former), HEALTHY)
    cluster.pods = [STUCK["crashes"]]
    deliver(cluster)
    assert cluster.ended == ended


def test_sync_of_a_former_commit_that_waits_to_be_tried_again_is_ended() -> None:
    cluster = Told(SEEN, FORMER_FAILED, HEALTHY)
    deliver(cluster)
    assert cluster.ended == 1


@pytest.mark.parametrize(
    "under_way",
    [sync("Running", revision=OTHER), {**sync("Running", "first"), "syncResult": None}],
    ids=["a former commit's", "nobody knows of which"],
)
def test_sync_that_may_yet_succeed_is_waited_for(under_way: dict[str, Any]) -> None:
    cluster = Told(SEEN, application(OURS, under_way), HEALTHY)
    deliver(cluster)
    assert cluster.ended == 0


def test_sync_that_has_gone_on_meanwhile_is_looked_at_anew() -> None:
    cluster = Told(SEEN, FORMER_FAILED, HEALTHY)
    cluster.outrun = True
    deliver(cluster)


SHARED = {"message": "Shared resource found: Database/vergabe-db. Retrying attempt #3 at 10:00AM."}
REFUSED = application(OURS, {**sync("Running", "first"), **SHARED})
TAKE_OVER = (
    "Database databases/vergabe-db is Application platform's, so Argo CD refuses the app's sync; "
    "once platform no longer renders Database databases/vergabe-db, `kubectl --namespace databases "
    "annotate databases vergabe-db argocd.argoproj.io/tracking-id-`"
)


REFUSED_FOR_GOOD = application(OURS, {**sync("Failed", "first"), **SHARED})


@pytest.mark.parametrize("told", [REFUSED, REFUSED_FOR_GOOD], ids=["", "for good"])
def test_object_of_another_application_ends_the_deploy(told: dict[str, Any]) -> None:
    cluster = Told(SEEN, SEEN, told)
    cluster.owner = "platform"
    with pytest.raises(OpsError, match=re.escape(TAKE_OVER)):
        deliver(cluster)


def test_object_that_was_handed_over_is_synced_at_once() -> None:
    terminated = application(OURS, sync("Failed", "second"))
    cluster = Told(SEEN, SEEN, REFUSED, terminated, terminated, TRIED_AGAIN, HEALTHY)
    deliver(cluster)
    assert (cluster.ended, len(cluster.started)) == (1, 1)


def test_sync_that_is_started_after_a_handover_can_fail() -> None:
    terminated = application(OURS, sync("Failed", "second"))
    again = application(OURS, sync("Failed", "third", MIGRATION))
    with pytest.raises(OpsError, match=MIGRATION_TOLD):
        deliver(Told(SEEN, SEEN, REFUSED, terminated, TRIED_AGAIN, again))


def test_object_that_is_kept_and_no_longer_rendered_ends_the_deploy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(delivery, "LEFT_TIMEOUT_SECONDS", 0)
    kept = {"kind": "Database", "namespace": "databases", "name": "old", "status": "OutOfSync"}
    left = application(
        OURS, sync("Succeeded", "now"), resources=[{**kept, "requiresPruning": True}]
    )
    with pytest.raises(OpsError, match="is deployed, and stays OutOfSync because of Database data"):
        deliver(Told(SEEN, left))
    changed = application(OURS, sync("Succeeded", "now"), resources=[kept])
    with pytest.raises(OpsError, match="not within"):
        deliver(Told(SEEN, changed))


def awaiting(certificate: str, revision: str = OURS) -> dict[str, Any]:
    """A sync that waits for a Certificate, as Argo CD reports it."""
    message = f"waiting for healthy state of cert-manager.io/Certificate/{certificate}"
    return {**sync("Running", revision=revision), "message": f"{message} and 1 more resources"}


def test_additional_host_that_gets_no_certificate_ends_the_deploy_and_the_sync(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Argo CD would wait for ever, and sync no later commit."""
    monkeypatch.setattr(delivery, "ADDITIONAL_HOST_TIMEOUT_SECONDS", 0)
    cluster = Told(SEEN, application(OURS, awaiting("www-example-org-tls")))
    said = f"{APP.host} is deployed, but the additional host www-example-org-tls gets no certif"
    with pytest.raises(OpsError, match=said):
        deliver(cluster)
    assert cluster.ended == 1


def test_additional_hosts_certificate_is_waited_for_first() -> None:
    cluster = Told(SEEN, application(OURS, awaiting("www-example-org-tls")), HEALTHY)
    deliver(cluster)
    assert cluster.ended == 0


@pytest.mark.parametrize(
    ("certificate", "ended"), [("www-example-org-tls", 1), (f"{APP.name}-tls", 0)]
)
def test_sync_of_a_former_commit_that_waits_for_an_additional_host_is_ended(
    certificate: str, ended: int
) -> None:
    former = application(OURS, awaiting(certificate, revision=OTHER))
    cluster = Told(SEEN, former, HEALTHY)
    deliver(cluster)
    assert cluster.ended == ended


@pytest.mark.parametrize("under_way", UNDER_WAY.values(), ids=UNDER_WAY)
def test_pod_that_may_yet_come_up_is_waited_for(under_way: dict[str, Any]) -> None:
    cluster = Told(SEEN, TRIED_AGAIN, HEALTHY)
    cluster.pods = [under_way]
    deliver(cluster)
