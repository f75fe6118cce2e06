"""How what controllers report is judged, where a rehearsal cannot hold the moment."""

from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest

from ops.rendered import App, load
from ops.status import argocd, certificate, exposure, pods, rendering
from ops.status.item import Verdict
from ops.status.live import Live
from tests import frozen

T = TypeVar("T")
APP = load(frozen.FOLDER).app("vergabe-teilnahme")


def done(value: T) -> "Future[T]":
    future: Future[T] = Future()
    future.set_result(value)
    return future


def live(app: App = APP, *, kinds: frozenset[str] = frozenset(), **there: Any) -> Live:
    """A cluster with these documents, by kind, and these pods."""
    found = (*app.documents, *app.argocd)
    return Live(
        documents={manifest: done(there.get(manifest.kind)) for manifest in found},
        pods=done(there.get("pods", [])),
        jobs=done([]),
        postgres=done(None),
        receipts=done(None),
        argocd_kinds=done(kinds),
    )


def test_no_application_is_well_only_without_argo_cd() -> None:
    for line in (argocd.sync, argocd.health):
        assert line(APP, live()).verdict is Verdict.OK
        assert line(APP, live(kinds=frozenset({"Application"}))).verdict is Verdict.WRONG


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ({"sync": {"status": "Synced"}}, Verdict.OK),
        ({"sync": {"status": "OutOfSync"}}, Verdict.WRONG),
        (
            {"sync": {"status": "OutOfSync"}, "operationState": {"phase": "Running"}},
            Verdict.UNDER_WAY,
        ),
        ({"sync": {"status": "Synced"}, "operationState": {"phase": "Failed"}}, Verdict.WRONG),
        (
            {"sync": {"status": "Synced"}, "conditions": [{"message": "no repository"}]},
            Verdict.WRONG,
        ),
        ({}, Verdict.UNKNOWN),
    ],
)
def test_sync_is_judged(status: dict[str, Any], verdict: Verdict) -> None:
    assert argocd.sync(APP, live(Application={"status": status})).verdict is verdict


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        ("Healthy", Verdict.OK),
        ("Progressing", Verdict.UNDER_WAY),
        ("Degraded", Verdict.WRONG),
        ("Suspended", Verdict.WRONG),
        ("Unknown", Verdict.UNKNOWN),
    ],
)
def test_health_is_judged(state: str, verdict: Verdict) -> None:
    application = {"status": {"health": {"status": state}}}
    assert argocd.health(APP, live(Application=application)).verdict is verdict


def deployment(reason: str, *, progressing: str = "True", ready: int = 1) -> dict[str, Any]:
    condition = {"type": "Progressing", "status": progressing, "reason": reason}
    status = {"observedGeneration": 1, "readyReplicas": ready, "conditions": [condition]}
    return {"metadata": {"generation": 1}, "spec": {"replicas": 1}, "status": status}


def pod(image: str = APP.image, **fields: Any) -> dict[str, Any]:
    status = fields.pop("status", {"phase": "Running"})
    metadata = {"name": "app-1", **fields}
    return {"metadata": metadata, "spec": {"containers": [{"image": image}]}, "status": status}


COMPLETE, ROLLING = "NewReplicaSetAvailable", "ReplicaSetUpdated"
UNSCHEDULABLE = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}
STARTING = {"state": {"waiting": {"reason": "ContainerCreating"}}}


@pytest.mark.parametrize(
    ("document", "status", "verdict"),
    [
        (deployment(COMPLETE), {"phase": "Running"}, Verdict.OK),
        (deployment(ROLLING, ready=0), {"containerStatuses": [STARTING]}, Verdict.UNDER_WAY),
        (deployment(COMPLETE, ready=0), {"phase": "Running"}, Verdict.WRONG),
        (deployment("ProgressDeadlineExceeded", progressing="False"), {}, Verdict.WRONG),
        (deployment(ROLLING, ready=0), {"conditions": [UNSCHEDULABLE]}, Verdict.WRONG),
        (deployment(COMPLETE), {"phase": "Failed", "reason": "Evicted"}, Verdict.WRONG),
        (None, {}, Verdict.WRONG),
    ],
)
def test_pods_are_judged(document: Any, status: dict[str, Any], verdict: Verdict) -> None:
    there = live(Deployment=document, pods=[pod(status=status)])
    assert pods.pods(APP, there).verdict is verdict


def test_container_that_holds_a_pod_up_is_named() -> None:
    waits = {"name": "wait-for-migrations", "ready": False, "state": {"running": {}}}
    status = {"phase": "Pending", "initContainerStatuses": [waits], "containerStatuses": [STARTING]}
    there = live(Deployment=deployment(ROLLING, ready=0), pods=[pod(status=status)])
    told = pods.pods(APP, there)
    assert told.verdict is Verdict.UNDER_WAY
    assert told.more == ["app-1: Pending, not ready, wait-for-migrations runs, 0 restarts"]


@pytest.mark.parametrize(
    ("minutes", "verdict"), [(1, Verdict.UNDER_WAY), (10, Verdict.WRONG), (None, Verdict.WRONG)]
)
def test_ingress_without_an_address_is_wrong_after_a_while(
    minutes: int | None, verdict: Verdict
) -> None:
    metadata = {}
    if minutes is not None:
        made = datetime.now(UTC) - timedelta(minutes=minutes)
        metadata = {"creationTimestamp": made.isoformat()}
    told = exposure.ingress(APP, live(Ingress={"metadata": metadata}))
    assert told.verdict is verdict


def test_image_of_a_roll_out_is_under_way() -> None:
    old = pod("registry.example.org/app:0")
    for reason, others, verdict in (
        (ROLLING, [old, pod()], Verdict.UNDER_WAY),
        (COMPLETE, [old, pod()], Verdict.WRONG),
        (ROLLING, [old], Verdict.WRONG),
        (COMPLETE, [{**old, "metadata": {"deletionTimestamp": "now"}}, pod()], Verdict.OK),
        (COMPLETE, [], Verdict.WRONG),
    ):
        there = live(Deployment=deployment(reason), pods=others)
        assert pods.image(APP, there).verdict is verdict


def test_a_sync_that_runs_excuses_what_differs() -> None:
    running = {"status": {"operationState": {"phase": "Running"}}}
    old = pod("registry.example.org/app:0")
    for application, verdict in ((running, Verdict.UNDER_WAY), (None, Verdict.WRONG)):
        there = live(Application=application, Deployment=deployment(COMPLETE), pods=[old])
        assert pods.image(APP, there).verdict is verdict
        assert rendering.drift(APP, there).verdict is verdict


def test_certificate_that_failed_once_is_not_under_way() -> None:
    issuing = {"conditions": [{"type": "Issuing", "status": "True"}]}
    for status, verdict in (
        (issuing, Verdict.UNDER_WAY),
        ({**issuing, "failedIssuanceAttempts": 1}, Verdict.WRONG),
        ({"conditions": [{"type": "Ready", "status": "True"}]}, Verdict.UNKNOWN),
        ({}, Verdict.WRONG),
    ):
        there = live(Certificate={"status": status})
        assert certificate.certificate(APP, there).verdict is verdict
