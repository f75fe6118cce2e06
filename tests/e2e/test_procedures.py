"""Rehearsal 52: the runbook's procedures, by the command lines that stand in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from box.poll import until
from tests.e2e.actors import Impatience, acting
from tests.e2e.operator import Operator
from tests.e2e.rehearsal import Rehearsal, image_of
from tests.e2e.status import has_condition
from tests.ops.image import registry
from tests.ops.image.gateway import Gateway
from tests.ops.image.images import Pusher
from tests.runbook import commands

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ops.objects.base import Document

NO_WAY_IN = "dns port.http port.https"
"""What a preflight cannot see from a machine without the public network."""
MIGRATIONS = ("0001_initial", "0002_frist")
PASSWORD = "a password of no one's"
PASSWORDS = {"Password: ": PASSWORD, "Repeat for confirmation: ": PASSWORD}
REPLACED_TIMEOUT_SECONDS = 30.0


@pytest.fixture
def pusher(rehearsal: Rehearsal) -> Iterator[Pusher]:
    """Pushes the app's images to a registry of this machine."""
    repository = rehearsal.image.partition(":")[0].partition("/")[2]
    with registry.serving() as address:
        yield Pusher(address, repository)


@pytest.fixture
def operator(rehearsal: Rehearsal, pusher: Pusher, tmp_path: Path) -> Iterator[Operator]:
    """An operator who reaches that registry under its production name."""
    host = rehearsal.image.partition("/")[0]
    authority = rehearsal.box.layout.authority
    certificate = authority.issue(tmp_path / "registry", user=host, hosts=[host])
    with Gateway(pusher.registry, certificate) as gateway:
        (tmp_path / "operator").mkdir()
        variables = {
            "HTTPS_PROXY": gateway.address,
            "NO_PROXY": "127.0.0.1",
            "SSL_CERT_FILE": str(authority.pair.certificate),
            "DOCKER_CONFIG": str(tmp_path),
            "SKIP": NO_WAY_IN,
            "EDITOR": "true",
        }
        yield Operator.of(rehearsal.box, tmp_path / "operator", **variables)


@pytest.mark.rehearsal(52, "the runbook's own lines: new tags, roll back, restart, Jobs, mishaps")
def test_procedures_do_what_the_runbook_says(
    rehearsal: Rehearsal, operator: Operator, pusher: Pusher
) -> None:
    operator.make_secrets()
    for tag in ("v1", "v2", "migration-fails"):
        pusher.migrations(tag, MIGRATIONS)
    with acting(*rehearsal.actors):
        for tag in ("v1", "v2"):
            follow(operator, "Deploy a new tag", TAG=tag)
            all_is_well(rehearsal, operator, tag)
        crash(rehearsal, operator)
        follow(operator, "Roll back")
        all_is_well(rehearsal, operator, "v1")
        restart(rehearsal, operator)
        all_is_well(rehearsal, operator, "v1")
        jobs_by_hand(operator)
    fail_to_migrate(rehearsal, operator)
    forget_to_push(operator)
    follow(operator, "Secrets")


def follow(operator: Operator, heading: str, **given: str) -> str:
    """Give the lines of a procedure, each of which must succeed; what they said."""
    said = ""
    for line in commands(heading, **given):
        answer = operator.shell(line)
        said += answer.stdout
        assert answer.returncode == 0, f"{line}: {answer.stdout}{answer.stderr}"
    return said


def all_is_well(rehearsal: Rehearsal, operator: Operator, tag: str) -> None:
    """The pods run this image, and the runbook's first look says so."""
    assert f":{tag}@" in image_of(rehearsal.existing("Deployment"))
    said = follow(operator, "Look first")
    assert f"vergabe-teilnahme:{tag}@" in said
    assert "runs, as rendered" in said
    assert "drift              none" in said


def pods(rehearsal: Rehearsal) -> list[Document]:
    """Those that serve."""
    component = "app.kubernetes.io/component"
    found = rehearsal.cluster.all("Pod")
    return [pod for pod in found if pod["metadata"]["labels"].get(component) == "web"]


def restart(rehearsal: Rehearsal, operator: Operator) -> None:
    (before,) = pods(rehearsal)
    follow(operator, "Restart")

    def is_replaced() -> bool:
        (now,) = pods(rehearsal) or [before]
        other = now["metadata"]["name"] != before["metadata"]["name"]
        return other and has_condition(rehearsal.existing("Deployment"), "Available")

    until(is_replaced, "another pod serves", REPLACED_TIMEOUT_SECONDS)


def jobs_by_hand(operator: Operator) -> None:
    *lines, superuser = commands(
        "Migrate, seed, first account", NAME="admin", ADDRESS="a@b.example"
    )
    for line in lines:
        answer = operator.shell(line)
        # No container runs here, so there is no log, and a preview that shows nothing is none.
        previews = line == "ops migrate --plan"
        assert answer.returncode == previews, f"{line}: {answer.stdout}{answer.stderr}"
        assert ("the pending migrations are not known" in answer.stderr) == previews
    code, said = operator.answer(superuser, PASSWORDS)
    assert (code, PASSWORD in said) == (0, False), said
    assert "admin can log in at https://" in said


def crash(rehearsal: Rehearsal, operator: Operator) -> None:
    """The pod of a bad image, as the kubelet reports it, which a box has not."""
    (pod,) = pods(rehearsal)
    waiting = {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m0s"}}
    status = {"name": "web", "image": "any", "imageID": "", "ready": False, "restartCount": 7}
    rehearsal.cluster.patch_status(pod, {"containerStatuses": [{**status, "state": waiting}]})
    looked = operator.shell("ops status")
    assert (looked.returncode, "CrashLoopBackOff" in looked.stdout) == (1, True)


def fail_to_migrate(rehearsal: Rehearsal, operator: Operator) -> None:
    """The old pods serve on, the deploy says which Job failed, and the way back is as written."""
    *lines, deploy = commands("Deploy a new tag", TAG="migration-fails")
    with acting(*rehearsal.actors, Impatience(rehearsal.cluster)):
        for line in lines:
            assert operator.shell(line).returncode == 0, line
        stopped = operator.shell(deploy)
    assert stopped.returncode != 0
    assert "Job vergabe-teilnahme/vergabe-teilnahme-migrate" in stopped.stderr
    assert ":v1@" in image_of(rehearsal.existing("Deployment"))
    with acting(*rehearsal.actors):
        follow(operator, "Roll back")
        all_is_well(rehearsal, operator, "v1")


def forget_to_push(operator: Operator) -> None:
    operator.git("commit", "--quiet", "--allow-empty", "--message=forgotten")
    stopped = operator.shell(commands("Deploy a new tag", TAG="any")[-1])
    assert "is not pushed: main of https://" in stopped.stderr
    assert "preflight" not in stopped.stdout
