"""`ops migrate` and `ops manage migrate`: never two migrations at once, and no empty preview."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ops.cluster.context import open_for_change
from ops.documents.fleet import load
from ops.errors import OpsError
from ops.manage.migration_guard import require_none
from railiance.annotations import COMPONENT, NAME
from railiance.manage import Launcher
from tests.conftest import Run
from tests.ops.api import Api, serving
from tests.ops.image.conftest import Desk, under_git
from tests.ops.test_commands import JOBS
from tests.ops.test_logs import APP, PODS, container, pod

APPLICATION = f"/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/{APP}"
LEASE = f"/apis/coordination.k8s.io/v1/namespaces/{APP}/leases/{APP}-deploy"
DONE = {"conditions": [{"type": "Complete", "status": "True"}]}


@pytest.fixture
def api() -> Iterator[Api]:
    ended = container("migrate", {"terminated": {"exitCode": 0}})
    job_pod = pod("migrate-1", ended, phase="Succeeded")
    made = Api(objects={PODS: [job_pod], JOBS: []}, job_status=DONE, job_pods=[job_pod])
    made.logs = {("migrate-1", "", False): "Planned operations:\n"}
    with serving(made):
        yield made


def job(component: str, *arguments: str, **status: Any) -> dict[str, Any]:
    labels = {NAME: APP, COMPONENT: component}
    containers = [{"name": "migrate", "image": "x", "command": Launcher().run(*arguments)}]
    return {
        "metadata": {"name": f"{component}-1", "namespace": APP, "labels": labels},
        "spec": {"template": {"spec": {"containers": containers}}},
        **status,
    }


def application(phase: str, **operation: str) -> dict[str, Any]:
    state = {"phase": phase, **operation}
    return {"metadata": {"name": APP}, "status": {"operationState": state}}


def test_migration_is_a_job_that_others_find(api: Api, ops: Run, tmp_path: Path) -> None:
    api.objects[APPLICATION] = application("Succeeded")
    listing = job("manage", "migrate", "--plan")
    api.objects[JOBS] = [job("migrate", status=DONE), listing, job("seed", "seed")]
    for arguments in (("migrate",), ("manage", "migrate", "bids", "zero")):
        answer = ops(*arguments, KUBECONFIG=api.kubeconfig(tmp_path))
        assert answer.returncode == 0, answer.stderr
    labels = {made["metadata"]["labels"][COMPONENT] for made in api.created("Job")}
    assert labels <= {"migrate-by-hand", "manage"}
    assert LEASE not in api.objects


@pytest.mark.parametrize("arguments", [("migrate",), ("manage", "migrate", "bids", "0001")])
def test_second_migration_is_refused(
    api: Api, ops: Run, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    def refusal() -> str:
        answer = ops(*arguments, KUBECONFIG=api.kubeconfig(tmp_path))
        assert answer.returncode == 1
        return answer.stderr

    for running in (job("migrate"), job("manage", "migrate", "bids", "zero")):
        api.objects[JOBS] = [running]
        assert f"Job {APP}/{running['metadata']['name']} migrates the database; wait" in refusal()
    api.objects[JOBS] = []
    api.objects[APPLICATION] = application("Running")
    assert f"Argo CD is syncing {APP}, and migrates the database" in refusal()
    api.objects[APPLICATION] = application("Running", finishedAt="2026-11-01T00:00:00Z")
    assert "is waiting to try again" in refusal()
    del api.objects[APPLICATION]
    held = {"holderIdentity": "anna", "renewTime": "2999-01-01T00:00:00.000000Z"}
    api.objects[LEASE] = {"metadata": {"name": "x", "resourceVersion": "1"}, "spec": held}
    assert "anna has been deploying" in refusal()
    assert not api.created("Job")


def test_deploy_awaits_the_migration_of_a_sync_and_refuses_others(
    api: Api, frozen_repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A push can have started the sync already."""
    monkeypatch.setenv("KUBECONFIG", api.kubeconfig(tmp_path))
    monkeypatch.chdir(frozen_repository)
    fleet = load()
    app, cluster = fleet.app(APP), open_for_change(fleet.platform, None, None)
    api.objects[JOBS] = [job("migrate")]
    require_none(cluster, app, but_of_syncs=True)
    with pytest.raises(OpsError, match=r"Job .*/migrate-1 migrates the database"):
        require_none(cluster, app)
    api.objects[JOBS] = [job("manage", "migrate", "bids", "zero")]
    with pytest.raises(OpsError, match=r"Job .*/manage-1 migrates the database"):
        require_none(cluster, app, but_of_syncs=True)


def test_preview_waits_for_nobody(api: Api, ops: Run, tmp_path: Path) -> None:
    api.objects[APPLICATION] = application("Running")
    answer = ops("migrate", "--plan", KUBECONFIG=api.kubeconfig(tmp_path))
    assert (answer.returncode, answer.stdout.splitlines()[-1]) == (0, "Planned operations:")
    answer = ops("manage", "migrate", "bids", "zero", "--plan", KUBECONFIG=api.kubeconfig(tmp_path))
    assert answer.returncode == 0


def test_preview_that_shows_nothing_fails(api: Api, ops: Run, tmp_path: Path) -> None:
    api.logs = {}
    answer = ops("migrate", "--plan", KUBECONFIG=api.kubeconfig(tmp_path))
    assert answer.returncode == 1
    assert "the pending migrations are not known: " in answer.stderr
    api.objects[PODS] = api.job_pods = []
    answer = ops("migrate", "--plan", KUBECONFIG=api.kubeconfig(tmp_path))
    assert answer.returncode == 1
    assert "it had no pod whose log could be read" in answer.stderr


def test_command_runs_with_the_image_of_a_commit(
    api: Api, repository: Path, tmp_path: Path, ops: Run
) -> None:
    """As the commands that `ops rollback` prints, before and after the image is another one."""
    desk = Desk(under_git(repository), ops)
    newer = desk.use("v2", f"sha256:{'1' * 64}")
    desk.use("v1", f"sha256:{'2' * 64}")
    kubeconfig = api.kubeconfig(tmp_path)
    command = ("manage", "--image-of", newer[:7], "migrate", "bids", "0001")
    answer = desk.ops(*command, KUBECONFIG=kubeconfig)
    assert answer.returncode == 0, answer.stderr
    (made,) = api.created("Job")
    (migrates,) = made["spec"]["template"]["spec"]["containers"]
    assert migrates["image"].endswith(f":v2@sha256:{'1' * 64}")
    assert migrates["command"] == Launcher().run("migrate", "bids", "0001")
    wrong = desk.ops("manage", "--image-of", "nowhere", "check", KUBECONFIG=kubeconfig)
    assert wrong.returncode == 1
    assert "'nowhere' is not a commit" in wrong.stderr
    wrong = desk.ops("manage", "--exec", "--image-of", newer, "check", KUBECONFIG=kubeconfig)
    assert wrong.returncode == 2
    assert "leave out --exec or --image-of" in wrong.stderr
