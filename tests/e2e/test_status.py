"""Rehearsals 40 to 42: `ops status` tells a healthy app from every way in which it is not."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from box.poll import until
from tests.e2e.actors import acting
from tests.e2e.platform import POSTGRES
from tests.e2e.rehearsal import APP, DIST, Rehearsal, image_of
from tests.e2e.status import has_condition, is_applied, is_complete, is_ready
from tests.e2e.tool import Tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.objects.base import Document

READY_TIMEOUT_SECONDS = 60.0
WATCHED_SECONDS = 60
NO_ARGOCD = {"sync": "failed", "health": "failed"}
"""The lines of an app that was applied by hand."""


@pytest.mark.rehearsal(40, "status of a healthy app: every line ok, nothing changed, exit code 0")
def test_a_healthy_app_is_well(rehearsal: Rehearsal) -> None:
    commit = rehearsal.install()
    ops = Tool(rehearsal.box.kubeconfig)
    versions = resource_versions(rehearsal)

    code, lines = ops.lines("status", "results")
    assert {id_: line["state"] for id_, line in lines.items() if line["state"] != "ok"} == {}
    assert code == 0
    assert lines["sync"]["facts"]["revision"] == commit
    assert lines["drift"]["facts"] == {"differences": []}
    assert lines["image"]["facts"]["running"] == [rehearsal.image]
    assert lines["pods"]["facts"]["ready"] == 1
    assert lines["certificate"]["facts"]["days_left"] == 89
    assert "none" in lines["deploys"]["evidence"]
    assert resource_versions(rehearsal) == versions

    rehearsal.cluster.create(RECEIPTS)
    plain = ops("status", "--app", APP)
    assert plain.returncode == 0
    said = plain.stdout.splitlines()
    assert len(said) == len(lines) + 1 + 3  # one pod below its line, and the last receipts
    assert [line.strip() for line in said[-4:-1]] == [
        "a receipt that cannot be read",
        "2026-01-04T00:00:00Z eve@desk 1234567 failed: no way",
        "2026-01-03T00:00:00Z eve@desk 1234567 deployed",
    ]


def receipt(day: int, outcome: str, reason: str = "") -> tuple[str, str]:
    """An entry as `ops deploy` leaves it."""
    started = f"2026-01-0{day}T00:00:00Z"
    said = {"started": started, "operator": "eve@desk", "commit": "1234567890", "reason": reason}
    return started.replace(":", "-"), json.dumps({**said, "outcome": outcome})


RECEIPTS: Document = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": f"{APP}-deploys", "namespace": APP},
    "data": dict(
        [
            receipt(2, "deployed"),
            receipt(3, "deployed"),
            receipt(4, "failed", "no\nway"),
            ("2026-01-05T00-00-00Z", "{"),
        ]
    ),
}


def resource_versions(rehearsal: Rehearsal) -> dict[str, str]:
    """The version of each of the app's documents."""
    found = {kind: rehearsal.live(kind) for kind in {one["kind"] for one in rehearsal.documents}}
    return {kind: one["metadata"]["resourceVersion"] for kind, one in found.items() if one}


@pytest.mark.rehearsal(41, "status: each thing that goes wrong shows on its own line")
def test_each_thing_that_goes_wrong_has_its_line(rehearsal: Rehearsal) -> None:
    ops = Tool(rehearsal.box.kubeconfig)
    with acting(*rehearsal.actors):
        apply_by_hand(rehearsal)
    assert verdicts(ops) == NO_ARGOCD
    for goes_wrong in (
        crashes,
        cannot_be_pulled,
        is_not_applied,
        loses_its_role,
        nearly_expires,
        is_not_issued,
        moves,
        fails_to_migrate,
        runs_another_image,
        drifts,
    ):
        goes_wrong(rehearsal, ops)


def apply_by_hand(rehearsal: Rehearsal) -> None:
    """Everything of the app but Argo CD, which would put right what is to go wrong."""
    for argocd in ("Application", "AppProject"):
        assert rehearsal.cluster.get(argocd, APP, "argocd") is None
    apply(rehearsal)
    until(lambda: is_up(rehearsal), "the app is up", READY_TIMEOUT_SECONDS)


def apply(rehearsal: Rehearsal) -> None:
    file = rehearsal.repository.folder / DIST
    rehearsal.cluster.kubectl("apply", "--server-side", "--force-conflicts", f"--filename={file}")


def is_up(rehearsal: Rehearsal) -> bool:
    claim = rehearsal.existing("PersistentVolumeClaim")
    return (
        has_condition(rehearsal.existing("Deployment"), "Available")
        and is_complete(rehearsal.existing("Job"))
        and is_ready(rehearsal.existing("Certificate"))
        and is_applied(rehearsal.existing("Database"))
        and claim.get("status", {}).get("phase") == "Bound"
        and "loadBalancer" in rehearsal.existing("Ingress").get("status", {})
    )


def place(document: Document) -> tuple[str, str]:
    return document["metadata"]["name"], document["metadata"]["namespace"]


def verdicts(ops: Tool) -> dict[str, str]:
    """The lines that are not ok."""
    _, lines = ops.lines("status", "results")
    return {name: line["state"] for name, line in lines.items() if line["state"] != "ok"}


def shows(ops: Tool, name: str, verdict: str, *words: str) -> None:
    """This line, and no other, says what is wrong, in these words."""
    code, lines = ops.lines("status", "results")
    assert code == 1
    not_ok = {name: one["state"] for name, one in lines.items() if one["state"] != "ok"}
    assert not_ok == {**NO_ARGOCD, name: verdict}
    said = " ".join([lines[name]["evidence"], *lines[name]["details"]])
    assert not [word for word in words if word not in said], said


def changed(rehearsal: Rehearsal, document: Document, status: Document) -> Callable[[], None]:
    """Writes a status; the way back."""
    before = document.get("status", {})
    rehearsal.cluster.patch_status(document, status)
    dropped = {key: None for key in status if key not in before}
    return lambda: rehearsal.cluster.patch_status(document, {**before, **dropped})


def pod(rehearsal: Rehearsal) -> Document:
    (web,) = web_pods(rehearsal)
    return web


def web_pods(rehearsal: Rehearsal) -> list[Document]:
    found = rehearsal.cluster.all("Pod")
    return [one for one in found if one["metadata"]["labels"].get(COMPONENT) == "web"]


COMPONENT = "app.kubernetes.io/component"


def container(state: Document, **fields: Any) -> Document:
    """A container's status."""
    common = {"name": "web", "image": "any", "imageID": "", "ready": True, "restartCount": 0}
    return {"containerStatuses": [{**common, "state": state, **fields}]}


def crashes(rehearsal: Rehearsal, ops: Tool) -> None:
    waiting = {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m0s"}}
    end = {"exitCode": 137, "reason": "OOMKilled", "finishedAt": "2026-01-01T00:00:00Z"}
    status = container(waiting, restartCount=7, lastState={"terminated": end})
    back = changed(rehearsal, pod(rehearsal), status)
    shows(
        ops, "pods", "failed", "7 restarts", "CrashLoopBackOff: back-off 5m0s", "OOMKilled", "137"
    )
    back()


def cannot_be_pulled(rehearsal: Rehearsal, ops: Tool) -> None:
    waiting = {"waiting": {"reason": "ImagePullBackOff", "message": "not found\x1b[2J"}}
    back = changed(rehearsal, pod(rehearsal), container(waiting))
    shows(ops, "pods", "failed", "ImagePullBackOff")
    assert "\x1b" not in ops("status").stdout
    back()


def is_not_applied(rehearsal: Rehearsal, ops: Tool) -> None:
    database = rehearsal.existing("Database")
    status = {"applied": False, "message": 'role "vergabe" does not exist'}
    back = changed(rehearsal, database, status)
    shows(ops, "database", "failed", 'role "vergabe" does not exist')
    back()


def loses_its_role(rehearsal: Rehearsal, ops: Tool) -> None:
    postgres = rehearsal.cluster.get("Cluster", *place(POSTGRES))
    assert postgres
    reason = {"vergabe": ["could not drop role"]}
    back = changed(rehearsal, postgres, {"managedRolesStatus": {"cannotReconcile": reason}})
    shows(ops, "role", "failed", "could not drop role")
    nothing = {"managedRolesStatus": {"cannotReconcile": None}}
    rehearsal.cluster.patch_status(postgres, nothing)
    back()


def nearly_expires(rehearsal: Rehearsal, ops: Tool) -> None:
    end = datetime.now(UTC).replace(microsecond=0) + timedelta(days=13, hours=1)
    back = changed(rehearsal, rehearsal.existing("Certificate"), {"notAfter": end.isoformat()})
    shows(ops, "certificate", "failed", "13 days left")
    back()


def is_not_issued(rehearsal: Rehearsal, ops: Tool) -> None:
    certificate = rehearsal.existing("Certificate")
    failed = {**certificate["status"]["conditions"][0], "status": "False", "message": "rate limit"}
    back = changed(rehearsal, certificate, {"conditions": [failed]})
    shows(ops, "certificate", "failed", "rate limit")
    back()


def moves(rehearsal: Rehearsal, ops: Tool) -> None:
    elsewhere = {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}}
    back = changed(rehearsal, rehearsal.existing("Ingress"), elsewhere)
    shows(ops, "ingress", "failed", "192.0.2.1", "declared: 92.205.130.254")
    back()


def fails_to_migrate(rehearsal: Rehearsal, ops: Tool) -> None:
    """By a later Job, as `ops migrate` makes one."""
    job = rehearsal.one("Job")
    spec = with_image(job["spec"], rehearsal.image, rehearsal.image_tagged("migration-fails"))
    later = {
        **job,
        "metadata": {**job["metadata"], "name": "later", "annotations": {}},
        "spec": {**spec, "backoffLimit": 0},
    }
    rehearsal.cluster.create(later)

    def is_failed() -> bool:
        return has_condition(rehearsal.cluster.get("Job", "later", APP) or {}, "Failed")

    until(is_failed, "the later Job gives up", READY_TIMEOUT_SECONDS)
    shows(ops, "migration", "failed", "later failed", "BackoffLimitExceeded")
    rehearsal.cluster.delete(later)


def drifts(rehearsal: Rehearsal, ops: Tool) -> None:
    """Every kind of change by hand is named field by field, and only that."""
    deployment, service = rehearsal.existing("Deployment"), rehearsal.existing("Service")
    ingress = rehearsal.existing("Ingress")
    rehearsal.cluster.patch(deployment, {"spec": {"revisionHistoryLimit": 9}})
    ports = [{"name": "http", "port": 80, "targetPort": 9000}, {"name": "more", "port": 81}]
    rehearsal.cluster.patch(service, {"spec": {"ports": ports}})
    annotation = {"cert-manager.io/cluster-issuer": "letsencrypt-staging", "added": "by hand"}
    rehearsal.cluster.patch(ingress, {"metadata": {"annotations": annotation}})
    rehearsal.cluster.delete(rehearsal.existing("Middleware"))
    code, lines = ops.lines("status", "results")
    assert code == 1
    subject = f"{APP}/{APP}"
    assert set(lines["drift"]["details"]) == {
        f"Deployment {subject}: spec.revisionHistoryLimit: rendered 5, live 9",
        f"Service {subject}: spec.ports[80].targetPort: rendered http, live 9000",
        f"Service {subject}: spec.ports[81]: only on the cluster",
        (
            f"Ingress {subject}: metadata.annotations['cert-manager.io/cluster-issuer']: "
            "rendered letsencrypt-prod, live letsencrypt-staging"
        ),
        f"Middleware {APP}/https-redirect: not on the cluster",
    }


def runs_another_image(rehearsal: Rehearsal, ops: Tool) -> None:
    deployment, other = rehearsal.existing("Deployment"), rehearsal.image_tagged("by-hand")
    spec = with_image(deployment["spec"], image_of(deployment), other)
    rehearsal.cluster.patch(deployment, {"spec": spec})

    until(lambda: runs(rehearsal, other), "the pod is replaced", READY_TIMEOUT_SECONDS)
    assert verdicts(ops) == {**NO_ARGOCD, "image": "failed", "drift": "failed"}
    apply(rehearsal)
    until(lambda: runs(rehearsal, rehearsal.image), "the pod is back", READY_TIMEOUT_SECONDS)
    assert verdicts(ops) == NO_ARGOCD


def runs(rehearsal: Rehearsal, image: str) -> bool:
    """Whether the only pod is of this image, and the Deployment's rollout is complete."""
    deployment = rehearsal.existing("Deployment")
    images = [one["spec"]["containers"][0]["image"] for one in web_pods(rehearsal)]
    return images == [image] and is_rolled_out(deployment)


def is_rolled_out(deployment: Document) -> bool:
    """Whether the controller has seen the change, and every pod is new and available."""
    status, replicas = deployment["status"], deployment["spec"]["replicas"]
    counts = {status.get(f"{count}eplicas") for count in ("r", "updatedR", "availableR")}
    is_observed = status["observedGeneration"] == deployment["metadata"]["generation"]
    return is_observed and counts == {replicas}


def with_image(spec: Document, old: str, new: str) -> Document:
    return dict(json.loads(json.dumps(spec).replace(old, new)))


@pytest.mark.rehearsal(42, "status --watch in a pipe: a line a change, and the end by Ctrl-C")
def test_watching_tells_each_change(rehearsal: Rehearsal) -> None:
    ops = Tool(rehearsal.box.kubeconfig)
    with subprocess.Popen(
        (sys.executable, "-m", "ops", "status", "--watch"),
        cwd=ops.folder,
        env=ops.environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as watching:
        assert watching.stdout
        threading.Timer(WATCHED_SECONDS, watching.kill).start()  # or it would wait for ever
        read_until(watching.stdout, "not installed: there is no Namespace")
        rehearsal.cluster.create({"apiVersion": "v1", "kind": "Namespace", **named(APP)})
        rehearsal.cluster.create(rehearsal.one("Database"))
        read_until(watching.stdout, "CloudNativePG has not reported")
        watching.send_signal(signal.SIGINT)
        assert watching.wait(timeout=10) == 1


def named(name: str) -> Document:
    return {"metadata": {"name": name}}


def read_until(lines: Any, words: str) -> None:
    for line in lines:
        if words in line:
            return
    pytest.fail(f"never said: {words}")
