"""How what controllers report is judged, where a rehearsal cannot hold the moment."""

from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest

from ops.cluster.live_object import LiveObject
from ops.documents.fleet import App, load
from ops.kinds.cron_job import CronJob
from ops.kinds.job import Job
from ops.kinds.pod import Pod
from ops.objects.base import typed
from ops.results.result import Result, State
from ops.status import (
    argocd_status,
    certificate_status,
    drift_status,
    exposure_status,
    pods_status,
    schedules_status,
    workers_status,
)
from ops.status.reading import Live
from ops.status.workers_status import workers_of
from railiance.annotations import COMPONENT
from tests import frozen
from tests.ops.test_logs import SNAPSHOTS

T = TypeVar("T")
APP = load(frozen.FOLDER).app("vergabe-teilnahme")


def done(value: T) -> "Future[T]":
    future: Future[T] = Future()
    future.set_result(value)
    return future


def live(app: App = APP, *, kinds: frozenset[str] = frozenset(), **there: Any) -> Live:
    """A cluster with these documents, by kind, and these pods and Jobs."""
    found = (*app.documents, *app.argocd)
    objects = {
        manifest: LiveObject(content, manifest.entry)
        for manifest in found
        if (content := there.get(manifest.kind)) is not None
    }
    return Live(
        documents={manifest: done(objects.get(manifest)) for manifest in found},
        all_pods=done([typed(Pod, pod) for pod in there.get("pods", [])]),
        all_jobs=done([typed(Job, job) for job in there.get("jobs", [])]),
        postgres=done(None),
        receipts=done(None),
        command_receipts=done(None),
        argocd_kinds=done(kinds),
    )


def test_no_application_is_well_only_without_argo_cd() -> None:
    for line in (argocd_status.sync, argocd_status.health):
        assert line(APP, live()).state is State.OK
        assert line(APP, live(kinds=frozenset({"Application"}))).state is State.FAILED


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"sync": {"status": "Synced"}}, State.OK),
        ({"sync": {"status": "OutOfSync"}}, State.FAILED),
        (
            {"sync": {"status": "OutOfSync"}, "operationState": {"phase": "Running"}},
            State.IN_PROGRESS,
        ),
        ({"sync": {"status": "Synced"}, "operationState": {"phase": "Failed"}}, State.FAILED),
        (
            {"sync": {"status": "Synced"}, "conditions": [{"message": "no repository"}]},
            State.FAILED,
        ),
        ({}, State.UNKNOWN),
    ],
)
def test_sync_is_judged(status: dict[str, Any], expected: State) -> None:
    assert argocd_status.sync(APP, live(Application={"status": status})).state is expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("Healthy", State.OK),
        ("Progressing", State.IN_PROGRESS),
        ("Degraded", State.FAILED),
        ("Suspended", State.FAILED),
        ("Unknown", State.UNKNOWN),
    ],
)
def test_health_is_judged(state: str, expected: State) -> None:
    application = {"status": {"health": {"status": state}}}
    assert argocd_status.health(APP, live(Application=application)).state is expected


def deployment(reason: str, *, progressing: str = "True", ready: int = 1) -> dict[str, Any]:
    condition = {"type": "Progressing", "status": progressing, "reason": reason}
    status = {"observedGeneration": 1, "readyReplicas": ready, "conditions": [condition]}
    return {"metadata": {"generation": 1}, "spec": {"replicas": 1}, "status": status}


def pod(image: str = APP.image, **fields: Any) -> dict[str, Any]:
    status = fields.pop("status", {"phase": "Running"})
    metadata = {"name": "app-1", "labels": {COMPONENT: "web"}, **fields}
    return {"metadata": metadata, "spec": {"containers": [{"image": image}]}, "status": status}


COMPLETE, ROLLING = "NewReplicaSetAvailable", "ReplicaSetUpdated"
UNSCHEDULABLE = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}
STARTING = {"state": {"waiting": {"reason": "ContainerCreating"}}}


@pytest.mark.parametrize(
    ("document", "status", "expected"),
    [
        (deployment(COMPLETE), {"phase": "Running"}, State.OK),
        (deployment(ROLLING, ready=0), {"containerStatuses": [STARTING]}, State.IN_PROGRESS),
        (deployment(COMPLETE, ready=0), {"phase": "Running"}, State.FAILED),
        (deployment("ProgressDeadlineExceeded", progressing="False"), {}, State.FAILED),
        (deployment(ROLLING, ready=0), {"conditions": [UNSCHEDULABLE]}, State.FAILED),
        (deployment(COMPLETE), {"phase": "Failed", "reason": "Evicted"}, State.FAILED),
        (None, {}, State.FAILED),
    ],
)
def test_pods_are_judged(document: Any, status: dict[str, Any], expected: State) -> None:
    there = live(Deployment=document, pods=[pod(status=status)])
    assert pods_status.pods(APP, there).state is expected


def test_container_that_holds_a_pod_up_is_named() -> None:
    waits = {"name": "wait-for-migrations", "ready": False, "state": {"running": {}}}
    status = {"phase": "Pending", "initContainerStatuses": [waits], "containerStatuses": [STARTING]}
    there = live(Deployment=deployment(ROLLING, ready=0), pods=[pod(status=status)])
    told = pods_status.pods(APP, there)
    assert told.state is State.IN_PROGRESS
    assert told.details == ["app-1: Pending, not ready, wait-for-migrations runs, 0 restarts"]


@pytest.mark.parametrize(
    ("minutes", "expected"), [(1, State.IN_PROGRESS), (10, State.FAILED), (None, State.FAILED)]
)
def test_ingress_without_an_address_is_wrong_after_a_while(
    minutes: int | None, expected: State
) -> None:
    metadata = {}
    if minutes is not None:
        made = datetime.now(UTC) - timedelta(minutes=minutes)
        metadata = {"creationTimestamp": made.isoformat()}
    told = exposure_status.ingress(APP, live(Ingress={"metadata": metadata}))
    assert told.state is expected


def test_image_of_a_roll_out_is_under_way() -> None:
    old = pod("registry.example.org/app:0")
    for reason, others, expected in (
        (ROLLING, [old, pod()], State.IN_PROGRESS),
        (COMPLETE, [old, pod()], State.FAILED),
        (ROLLING, [old], State.FAILED),
        (
            COMPLETE,
            [{**old, "metadata": {**old["metadata"], "deletionTimestamp": "now"}}, pod()],
            State.OK,
        ),
        (COMPLETE, [], State.FAILED),
    ):
        there = live(Deployment=deployment(reason), pods=others)
        assert pods_status.image(APP, there).state is expected


def test_a_sync_that_runs_excuses_what_differs() -> None:
    running = {"status": {"operationState": {"phase": "Running"}}}
    old = pod("registry.example.org/app:0")
    for application, expected in ((running, State.IN_PROGRESS), (None, State.FAILED)):
        there = live(Application=application, Deployment=deployment(COMPLETE), pods=[old])
        assert pods_status.image(APP, there).state is expected
        assert drift_status.drift(APP, there).state is expected


WERKSTATT = load(SNAPSHOTS).app("werkstatt")
MAIL, BEAT = workers_of(WERKSTATT)
(NIGHTLY,) = WERKSTATT.manifests(CronJob)
OTHER_IMAGE = {"containers": [{"image": "registry.example.org/werkstatt:0"}]}


def workers(mail: Any, mail_pod: dict[str, Any]) -> Result | None:
    """The line of two workers, of which the second is well."""
    labels = {COMPONENT: "worker-mail"}
    pods = [{**pod(WERKSTATT.image, labels=labels), **mail_pod}]
    there = live(WERKSTATT, pods=pods)
    documents = {MAIL: mail, BEAT: deployment(COMPLETE)}
    found = {one: done(LiveObject(it, one.entry) if it else None) for one, it in documents.items()}
    return workers_status.workers(WERKSTATT, replace(there, documents={**there.documents, **found}))


@pytest.mark.parametrize(
    ("document", "mail", "expected", "words"),
    [
        (deployment(COMPLETE), {}, State.OK, "mail 1 of 1 ready, 0 restarts; beat 1 of 1"),
        (deployment(COMPLETE, ready=0), {}, State.FAILED, "mail 0 of 1 ready"),
        (deployment(ROLLING), {"spec": OTHER_IMAGE}, State.IN_PROGRESS, "runs werkstatt:0"),
        (deployment(COMPLETE), {"spec": OTHER_IMAGE}, State.FAILED, "rendered is werkstatt:2026"),
        (None, {}, State.FAILED, "there is no Deployment werkstatt/werkstatt-mail"),
    ],
)
def test_workers_are_judged(document: Any, mail: Any, expected: State, words: str) -> None:
    told = workers(document, mail)
    assert told
    assert told.state is expected
    assert words in told.evidence
    assert workers_status.workers(APP, live()) is None


def nightly(day: int, condition: str) -> dict[str, Any]:
    """A Job of the schedule."""
    owner = {"kind": "CronJob", "name": NIGHTLY.name}
    metadata = {"name": f"nightly-{day}", "ownerReferences": [owner]}
    conditions = [{"type": condition, "status": "True", "reason": "why", "message": "because"}]
    return {
        "metadata": {**metadata, "creationTimestamp": f"2026-01-0{day}T02:10:00Z"},
        "status": {"conditions": conditions},
    }


@pytest.mark.parametrize(
    ("jobs", "status", "expected", "words"),
    [
        ([], {}, State.OK, "has not run yet, no success yet, next run"),
        (
            [nightly(2, "Complete"), nightly(1, "Failed")],
            {"lastSuccessfulTime": "2026-01-02T02:10:09Z"},
            State.OK,
            "last run 2026-01-02 03:10 CET succeeded, last success 2026-01-02 03:10 CET",
        ),
        (
            [nightly(1, "Complete"), nightly(2, "Failed")],
            {},
            State.FAILED,
            "last run 2026-01-02 03:10 CET failed: why: because",
        ),
        ([nightly(1, "Suspended")], {}, State.IN_PROGRESS, "is running"),
        (
            [],
            {"lastScheduleTime": "2026-01-02T02:10:00Z", "lastSuccessfulTime": "2026-01-01T00:00Z"},
            State.FAILED,
            "the run of 2026-01-02T02:10:00Z has not succeeded",
        ),
    ],
)
def test_schedules_are_judged(
    jobs: list[Any], status: dict[str, Any], expected: State, words: str
) -> None:
    there = live(WERKSTATT, CronJob={**NIGHTLY.content, "status": status}, jobs=jobs)
    told = schedules_status.schedules(WERKSTATT, there)
    assert told
    (line,) = told.details
    assert told.state is expected
    assert line.startswith("nightly: daily at 03:10 (Europe/Berlin), ")
    assert words in line
    absent = schedules_status.schedules(WERKSTATT, live(WERKSTATT))
    assert absent
    assert absent.state is State.FAILED
    assert schedules_status.schedules(APP, live()) is None


def test_suspended_schedule_has_no_next_run() -> None:
    spec = {**NIGHTLY.content["spec"], "suspend": True}
    told = schedules_status.schedules(WERKSTATT, live(WERKSTATT, CronJob={"spec": spec}))
    assert told
    assert told.details[0].endswith("no next run, suspended")


def test_certificate_that_failed_once_is_not_under_way() -> None:
    issuing = {"conditions": [{"type": "Issuing", "status": "True"}]}
    for status, expected in (
        (issuing, State.IN_PROGRESS),
        ({**issuing, "failedIssuanceAttempts": 1}, State.FAILED),
        ({"conditions": [{"type": "Ready", "status": "True"}]}, State.UNKNOWN),
        ({}, State.FAILED),
    ):
        there = live(Certificate={"status": status})
        assert certificate_status.certificate(APP, there).state is expected
