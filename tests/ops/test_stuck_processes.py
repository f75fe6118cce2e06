"""A deploy of an app with workers, Valkey, schedules and upgrade steps, when one of them fails."""

from copy import deepcopy
from typing import Any, TypeVar

import pytest

from ops.cluster import waiting
from ops.cluster.live_object import LiveObject
from ops.cluster.pod_log import LogRequest
from ops.deploy import delivery, direct
from ops.deploy.delivery import Delivery
from ops.documents.fleet import App, Fleet, load
from ops.documents.manifest import Manifest
from ops.errors import OpsError
from ops.kinds.application import Application
from ops.kinds.job import Job
from ops.kinds.pod import Pod
from ops.objects.base import Object, typed
from tests.conftest import rendered
from tests.made_up import WERKSTATT, WITH_VALKEY

M = TypeVar("M", bound=Object)
COMMIT = "a" * 40
BEGUN = "2026-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    return load(rendered([WERKSTATT], tmp_path_factory.mktemp("fleet"), platform=WITH_VALKEY))


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "POLL_SECONDS", 0)
    for name, seconds in (("LOOK_AGAIN", -1), ("SEEN_TIMEOUT", 0.01), ("SYNC_TIMEOUT", 0.01)):
        monkeypatch.setattr(delivery, f"{name}_SECONDS", seconds)
    monkeypatch.setattr(direct, "WAVE_TIMEOUT_SECONDS", 0.01)


class Syncing:
    """A cluster whose Argo CD syncs the commit, and some of whose pods do not come up."""

    def __init__(self, *pods: dict[str, Any], failed: dict[str, Any] | None = None) -> None:
        self.pods = pods
        resources = [failed] if failed else []
        self.operation = {
            "phase": "Running",
            "startedAt": BEGUN,
            "message": "waiting",
            "finishedAt": "later" if failed else None,
            "syncResult": {"revision": COMMIT, "resources": resources},
        }
        self.looks = 0

    def get(self, model: type[M], _: str, __: str | None = None) -> M:
        if model is not Application:
            return typed(model, {"metadata": {"name": "found"}})
        self.looks += 1
        status = {"sync": {"status": "OutOfSync", "revision": COMMIT}}
        began = {"operationState": self.operation} if self.looks > 3 else {}
        return typed(model, {"metadata": {"name": "x"}, "status": {**status, **began}})

    def all(self, model: type[M], _: str, __: object = None) -> list[M]:
        return [typed(model, pod) for pod in self.pods] if model is Pod else []

    def logs(self, _: Pod, request: LogRequest) -> list[str]:
        return [f"Traceback of {request.container or 'its only container'}"]

    def patch(self, *_: Any) -> None:
        """Argo CD is asked to look."""


def deploy(cluster: Syncing, fleet: Fleet) -> None:
    app = fleet.app("werkstatt")
    Delivery(cluster, fleet, app, COMMIT, lambda _: None, lambda: None).run()  # type: ignore[arg-type]


def document(app: App, kind: str, name: str) -> Manifest:
    return next(m for m in app.documents if (m.kind, m.name) == (kind, name))


def pod_of(app: App, kind: str, name: str, reason: str, **status: Any) -> dict[str, Any]:
    """A pod of what is rendered, whose main container waits."""
    spec = document(app, kind, name).content["spec"]
    template = deepcopy(spec.get("jobTemplate", {}).get("spec", spec)["template"])
    (container,) = template["spec"]["containers"]
    state = {"name": container["name"], "restartCount": 5, "state": {"waiting": {"reason": reason}}}
    metadata = {**template["metadata"], "name": f"{name}-x", "creationTimestamp": BEGUN}
    return {
        "metadata": metadata,
        "spec": template["spec"],
        "status": {"phase": "Running", "containerStatuses": [state], **status},
    }


@pytest.mark.parametrize(
    ("kind", "name", "container"),
    [
        ("Deployment", "werkstatt-mail", "worker"),
        ("Deployment", "werkstatt-beat", "worker"),
        ("StatefulSet", "werkstatt-valkey", "valkey"),
        ("Deployment", "werkstatt", "web"),
    ],
)
def test_process_that_does_not_come_up_ends_the_deploy_and_is_named(
    fleet: Fleet, kind: str, name: str, container: str
) -> None:
    app = fleet.app("werkstatt")
    cluster = Syncing(pod_of(app, kind, name, "CrashLoopBackOff"))
    said = (
        rf"(?s){kind} werkstatt/{name}: the new pod does not become ready .*ops rollback.*"
        rf"Running, {container} CrashLoopBackOff.*Traceback"
    )
    with pytest.raises(OpsError, match=said):
        deploy(cluster, fleet)


def test_schedule_that_crashes_ends_no_deploy(fleet: Fleet) -> None:
    app = fleet.app("werkstatt")
    pod = pod_of(app, "CronJob", "werkstatt-nightly", "CrashLoopBackOff")
    with pytest.raises(OpsError, match="Argo CD has not finished"):
        deploy(Syncing(pod), fleet)


def test_upgrade_step_that_fails_is_named_with_its_log(fleet: Fleet) -> None:
    app = fleet.app("werkstatt")
    done = {"name": "migrate", "ready": True, "state": {"terminated": {"reason": "Completed"}}}
    failed = {"name": "step-1", "state": {"terminated": {"reason": "Error", "exitCode": 1}}}
    pod = pod_of(
        app,
        "Job",
        "werkstatt-migrate",
        "PodInitializing",
        phase="Failed",
        initContainerStatuses=[done, failed],
    )
    job = {
        "kind": "Job",
        "namespace": "werkstatt",
        "name": "werkstatt-migrate",
        "hookType": "Sync",
        "hookPhase": "Failed",
        "message": "backoff limit",
    }
    with pytest.raises(OpsError, match=r"(?s)Failed, step-1 Error.*Traceback of step-1"):
        deploy(Syncing(pod, failed=job), fleet)


class Applying:
    """A cluster for a deploy without Argo CD, on which everything is well but for one kind."""

    def __init__(self, **status: dict[str, Any]) -> None:
        self.status, self.applied = status, list[str]()

    def apply(self, content: dict[str, Any], **_: Any) -> None:
        self.applied.append(content["kind"])

    def live(self, manifest: Manifest) -> LiveObject | None:
        count = manifest.content.get("spec", {}).get("replicas", 0)
        usual = dict.fromkeys(COUNTS, count) if count else HEALTHY.get(manifest.kind, {})
        status = self.status.get(manifest.kind, usual)
        if manifest.kind == "Job" and "Job" not in self.applied:
            return None
        return LiveObject({**manifest.content, "status": status}, manifest.entry)

    def delete(self, model: type[Object], *_: Any) -> None:
        assert model is Job

    def get(self, *_: Any) -> None:
        """Nothing of what makes pods is there any more."""


COUNTS = ("replicas", "updatedReplicas", "availableReplicas", "readyReplicas")
HEALTHY: dict[str, dict[str, Any]] = {
    "Job": {"conditions": [{"type": "Complete", "status": "True"}]},
    "PersistentVolumeClaim": {"phase": "Bound"},
    "Database": {"applied": True},
    "Certificate": {"conditions": [{"type": "Ready", "status": "True"}]},
    "Ingress": {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}},
}
FAILED_RUN = {
    "lastScheduleTime": "2026-01-02T03:10:00Z",
    "lastSuccessfulTime": "2026-01-01T03:10:09Z",
}


def apply_directly(cluster: Applying, fleet: Fleet) -> list[str]:
    said: list[str] = []
    direct.sync(cluster, fleet.app("werkstatt"), said.append, lambda: None)  # type: ignore[arg-type]
    return said


def test_direct_deploy_applies_schedules_last_and_waits_for_none(fleet: Fleet) -> None:
    cluster = Applying(CronJob=FAILED_RUN)
    said = apply_directly(cluster, fleet)
    assert cluster.applied[-1] == "CronJob"
    assert said[-1].startswith("wave 5: CronJob")


def test_direct_deploy_waits_for_valkey_before_it_migrates(fleet: Fleet) -> None:
    cluster = Applying(StatefulSet={"readyReplicas": 0})
    with pytest.raises(OpsError, match="StatefulSet werkstatt/werkstatt-valkey is not healthy"):
        apply_directly(cluster, fleet)
    assert "Job" not in cluster.applied
