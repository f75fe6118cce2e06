"""The operator's tool against the real API server and Argo CD: deploy, and Jobs by hand."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING

import pytest

from box.poll import until
from ops.deploy.lock import operator as operator_name
from railiance.annotations import COMPONENT
from railiance.manage import Launcher
from tests.e2e.actors import CloudNativePG, acting
from tests.e2e.operator import Operator
from tests.e2e.rehearsal import APP, DIST, Rehearsal
from tests.e2e.status import has_condition

if TYPE_CHECKING:
    from pathlib import Path

    from ops.objects.base import Document

NO_WAY_IN = ("dns", "port.http", "port.https", "registry", "image")
"""What a preflight cannot see from a machine without the public network."""
SKIP = [option for check in NO_WAY_IN for option in ("--skip", check)]


@pytest.fixture
def operator(rehearsal: Rehearsal, tmp_path_factory: pytest.TempPathFactory) -> Operator:
    folder: Path = tmp_path_factory.mktemp("operator")
    return Operator.of(rehearsal.box, folder)


def receipts(rehearsal: Rehearsal) -> list[dict[str, str]]:
    kept = rehearsal.cluster.get("ConfigMap", f"{APP}-deploys", APP)
    return [json.loads(entry) for _, entry in sorted(kept["data"].items())] if kept else []


def lease(renewed: str) -> Document:
    """Somebody's lock, renewed for the last time then."""
    spec = {"holderIdentity": "somebody", "leaseDurationSeconds": 60}
    return {
        "apiVersion": "coordination.k8s.io/v1",
        "kind": "Lease",
        "metadata": {"name": f"{APP}-deploy", "namespace": APP},
        "spec": {**spec, "acquireTime": renewed, "renewTime": renewed},
    }


@pytest.mark.rehearsal(50, "make vergabe-deploy, on an empty cluster and again; a lock; a receipt")
def test_deploy_ends_healthy_and_leaves_a_receipt(rehearsal: Rehearsal, operator: Operator) -> None:
    with acting(*rehearsal.actors):
        refused = operator.make("vergabe-deploy", SKIP=" ".join(NO_WAY_IN))
    assert "lacks DATABASE_URL, SECRET_KEY" in refused.stderr, refused.stdout + refused.stderr
    assert not rehearsal.exists("Deployment")

    operator.make_secrets()
    with acting(*rehearsal.actors):
        first = operator.make("vergabe-deploy", SKIP=" ".join(NO_WAY_IN))
        assert first.returncode == 0, first.stdout + first.stderr
        assert rehearsal.app.status["health"]["status"] == "Healthy"
        # The lock of an operator whose machine died is over.
        rehearsal.cluster.create(lease("2020-01-01T00:00:00.000000Z"))
        namespace = rehearsal.existing("Namespace")
        again = operator.ops("deploy", *SKIP)
        assert again.returncode == 0, again.stdout + again.stderr
    assert rehearsal.existing("Namespace")["metadata"] == namespace["metadata"]
    trial = operator.ops("deploy", "--dry-run")
    assert trial.stdout.splitlines() == [f"Job {APP}/{APP}-migrate: would run again"], trial.stdout

    assert [receipt["outcome"] for receipt in receipts(rehearsal)] == [
        "failed",
        "deployed",
        "deployed",
    ]
    assert receipts(rehearsal)[-1]["commit"] == operator.git("rev-parse", "HEAD")
    assert receipts(rehearsal)[-1]["image"] == rehearsal.image
    assert rehearsal.cluster.get("Lease", f"{APP}-deploy", APP) is None


@pytest.mark.rehearsal(50, "a deploy is refused while another runs, and for what is not committed")
def test_deploy_refuses_what_it_cannot_bring(rehearsal: Rehearsal, operator: Operator) -> None:
    operator.make_secrets()
    rehearsal.cluster.create(rehearsal.one("Namespace"))
    rehearsal.cluster.create(lease("2100-01-01T00:00:00.000000Z"))
    with acting(*rehearsal.actors):
        locked = operator.ops("deploy", "--direct", *SKIP)
    assert locked.returncode == 1
    assert "somebody has been deploying since" in locked.stderr
    assert not rehearsal.exists("Deployment")

    operator.use_image(rehearsal.image, rehearsal.image_tagged("uncommitted"))
    changed = operator.ops("deploy", *SKIP)
    assert changed.returncode == 1
    assert "not committed" in changed.stderr + changed.stdout


@pytest.mark.rehearsal(50, "deploy --dry-run changes nothing; --direct without Argo CD, in order")
def test_direct_deploy_waits_as_argo_cd_does(rehearsal: Rehearsal, operator: Operator) -> None:
    operator.make_secrets()
    before = rehearsal.cluster.now()
    trial = operator.ops("deploy", "--dry-run")
    assert trial.returncode == 0, trial.stderr
    assert f"Deployment {APP}/{APP}: would be created" in trial.stdout
    assert rehearsal.cluster.now() == before or not rehearsal.exists("Deployment")

    with acting(*rehearsal.actors):
        done = operator.ops("deploy", "--direct", *SKIP)
    assert done.returncode == 0, done.stdout + done.stderr
    assert has_condition(rehearsal.existing("Job"), "Complete")
    assert has_condition(rehearsal.existing("Deployment"), "Available")
    assert rehearsal.existing("Ingress")

    deployment = rehearsal.existing("Deployment")
    rehearsal.cluster.patch(deployment, {"spec": {"replicas": 3}})
    drifted = operator.ops("deploy", "--dry-run")
    assert "-  replicas: 3" in drifted.stdout
    assert "+  replicas: 1" in drifted.stdout


Moments = dict[str, signal.Signals]

INTERRUPTED = (
    pytest.param(
        (),
        {
            "gate": signal.SIGINT,
            "cluster.version": signal.SIGTERM,
            "Argo CD: OutOfSync": signal.SIGINT,
        },
        id="through Argo CD",
        marks=pytest.mark.rehearsal(53, "Ctrl-C in gate, preflight, sync; gone on with"),
    ),
    pytest.param(
        ("--direct",),
        {"wave -1: ": signal.SIGHUP, "wave 1: ": signal.SIGINT},
        id="direct",
        marks=pytest.mark.rehearsal(53, "Ctrl-C between the waves of --direct; gone on with"),
    ),
)
"""How it is deployed, and after which words it is ended how; it is held after the last of them."""


@pytest.mark.parametrize(("way", "moments"), INTERRUPTED)
def test_interrupted_deploy_is_gone_on_with(
    rehearsal: Rehearsal, operator: Operator, way: tuple[str, ...], moments: Moments
) -> None:
    operator.make_secrets()
    command = ("deploy", *way, *SKIP)
    # Nobody issues the certificate, so that no sync comes to its end.
    with acting(CloudNativePG(rehearsal.cluster)):
        for moment, ending in moments.items():
            code, said = operator.interrupt(*command, after=moment, by=ending)
            assert (code, "Traceback" in said) == (130, False), said
            assert said.endswith("error: interrupted; run the same command again to continue\n")
            assert rehearsal.cluster.get("Lease", f"{APP}-deploy", APP) is None
    assert receipts(rehearsal)[-1]["reason"] == "interrupted"
    with acting(*rehearsal.actors):
        done = operator.ops(*command)
    assert done.returncode == 0, done.stdout + done.stderr
    assert receipts(rehearsal)[-1]["outcome"] == "deployed"
    assert has_condition(rehearsal.existing("Deployment"), "Available")
    assert rehearsal.existing("Ingress")


@pytest.mark.rehearsal(
    51, "migrate, seed and superuser: Jobs with the app's image; no password kept"
)
def test_jobs_by_hand(rehearsal: Rehearsal, operator: Operator) -> None:
    rehearsal.install()
    preview = operator.ops("migrate", "--plan")
    assert preview.returncode == 1  # no pod runs here, so there is no log to be shown
    assert "the pending migrations are not known" in preview.stderr
    assert last_command(rehearsal) == ["migrate", "--plan"]
    for arguments, command in (
        (("migrate",), ["migrate", "--noinput"]),
        (("seed",), ["seed"]),
        (("manage", "clearsessions", "--verbosity=2"), ["clearsessions", "--verbosity=2"]),
    ):
        answer = operator.ops(*arguments)
        assert answer.returncode == 0, answer.stdout + answer.stderr
        assert last_command(rehearsal) == [*command]

    password = "a password of no one's"
    account = ("admin", "--email=admin@example.org", "--password-stdin")
    answer = operator.ops("superuser", *account, stdin=f"{password}\n")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert last_command(rehearsal)[:2] == ["createsuperuser", "--noinput"]
    assert password not in answer.stdout + answer.stderr
    assert password not in json.dumps(rehearsal.cluster.all("Job"))
    names = [secret["metadata"]["name"] for secret in rehearsal.cluster.all("Secret")]
    assert not [name for name in names if "superuser" in name]


@pytest.mark.rehearsal(51, "a Job by hand that fails says so; the wrong cluster is not touched")
def test_failures_by_hand(rehearsal: Rehearsal, operator: Operator) -> None:
    rehearsal.install()
    operator.use_image(rehearsal.image, rehearsal.image_tagged("migration-fails"))
    failed = operator.ops("seed")
    assert failed.returncode == 1
    assert f"Job {APP}/{APP}-seed-" in failed.stderr
    assert "Traceback" not in failed.stderr
    failed = operator.ops("manage", "clearsessions")
    assert failed.returncode == 1
    assert f"Job {APP}/{APP}-manage-" in failed.stderr
    (line,) = [
        line for line in operator.ops("status").stdout.splitlines() if "manage clear" in line
    ]
    assert line.endswith("manage clearsessions failed: exit code 1")

    jobs = len(rehearsal.cluster.all("Job"))
    elsewhere = operator.ops("seed", KUBECONFIG=str(rehearsal.box.kubeconfig))
    assert elsewhere.returncode == 1
    assert "context box" in elsewhere.stderr
    assert "--confirm-context box" in elsewhere.stderr
    assert len(rehearsal.cluster.all("Job")) == jobs


@pytest.mark.rehearsal(51, "ops manage and ops run: what Ctrl-C leaves, a schedule, its status")
def test_a_schedule_is_run_by_hand(rehearsal: Rehearsal, operator: Operator) -> None:
    rehearsal.install()
    missing = operator.ops("run", "nightly")
    assert missing.returncode == 2
    assert f"{APP} has no schedule 'nightly'; it has none" in missing.stderr

    cron_job = nightly(rehearsal.one("Job"))
    with (operator.folder / DIST).open("a") as file:
        file.write(f"---\n{json.dumps(cron_job)}\n")
    absent = operator.ops("run", "nightly")
    assert absent.returncode == 1
    assert f"there is no CronJob {APP}/{APP}-nightly" in absent.stderr

    rehearsal.cluster.create(cron_job)
    done = operator.ops("run", "nightly")
    assert done.returncode == 0, done.stdout + done.stderr
    made = rehearsal.cluster.get("Job", done.stdout.split()[1].rpartition("/")[2], APP)
    assert made
    assert made["metadata"]["ownerReferences"][0]["name"] == f"{APP}-nightly"
    until(lambda: has_succeeded(rehearsal), "the CronJob counts it as its success", 30)
    status = operator.ops("status").stdout
    assert "nightly: daily at 03:10 (Europe/Berlin), last run" in status
    assert f"{operator_name()} run nightly succeeded" in status

    operator.use_image(rehearsal.image, rehearsal.image_tagged("migration-hangs"))
    code, said = operator.interrupt(
        "run", "nightly", after="(its log cannot be read", by=signal.SIGINT
    )
    assert code == 130
    assert f"delete job {APP}-nightly-" in said
    refused = operator.ops("run", "schedule-nightly")
    assert refused.returncode == 1
    assert "of the schedule runs since" in refused.stderr


def nightly(migrate: Document) -> Document:
    """A schedule, as an app's chart renders one."""
    template = json.loads(json.dumps(migrate["spec"]))
    labels = {**migrate["metadata"]["labels"], COMPONENT: "schedule-nightly"}
    template["template"]["metadata"]["labels"] = labels
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": f"{APP}-nightly", "namespace": APP, "labels": labels},
        "spec": {
            "schedule": "10 3 * * *",
            "timeZone": "Europe/Berlin",
            "concurrencyPolicy": "Forbid",
            "jobTemplate": {"metadata": {"labels": labels}, "spec": template},
        },
    }


def has_succeeded(rehearsal: Rehearsal) -> bool:
    cron_job = rehearsal.cluster.get("CronJob", f"{APP}-nightly", APP)
    return bool(cron_job and cron_job.get("status", {}).get("lastSuccessfulTime"))


def last_command(rehearsal: Rehearsal) -> list[str]:
    jobs = rehearsal.cluster.all("Job")
    newest = max(jobs, key=lambda job: int(job["metadata"]["resourceVersion"]))
    begin = newest["spec"]["template"]["spec"]["containers"][0]["command"]
    assert begin[:3] == Launcher().run()
    return list(begin[3:])
