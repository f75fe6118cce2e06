"""`ops logs`: which containers are shown, and what is said of those that have no log."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ops.logs import process_logs
from tests.conftest import ROOT, Run
from tests.ops.api import Api, serving
from tests.runner import Answer

SNAPSHOTS = ROOT / "tests/synth/snapshots"
APP = "vergabe-teilnahme"
PODS = f"/api/v1/namespaces/{APP}/pods"
RUNNING: dict[str, Any] = {"running": {"startedAt": "2026-01-01T00:00:00Z"}}
KILLED = {"terminated": {"reason": "OOMKilled", "exitCode": 137}}
DONE = {"terminated": {"reason": "Completed", "exitCode": 0}}
BACK_OFF = {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m0s"}}
STARTS = {"waiting": {"reason": "PodInitializing"}}


def container(name: str, state: dict[str, Any], last: dict[str, Any] | None = None) -> Any:
    restarts = 3 if last else 0
    return {"name": name, "state": state, "lastState": last or {}, "restartCount": restarts}


def pod(
    name: str, *mains: Any, inits: tuple[Any, ...] = (), component: str = "web", phase: str = ""
) -> dict[str, Any]:
    labels = {"app.kubernetes.io/name": APP, "app.kubernetes.io/component": component}
    metadata = {"name": name, "namespace": APP, "labels": labels}
    metadata["creationTimestamp"] = f"2026-01-01T00:00:0{name[-1]}Z"
    spec = {
        "containers": [{"name": one["name"]} for one in mains],
        "initContainers": [{"name": one["name"]} for one in inits],
    }
    status = {"containerStatuses": list(mains), "initContainerStatuses": list(inits)}
    return {"metadata": metadata, "spec": spec, "status": {**status, "phase": phase or "Running"}}


RESTARTED = (
    "pod web-1: web was restarted 3 times, the last time after OOMKilled, exit code 137; "
    "--previous shows the log before"
)


def said(answer: Answer) -> list[str]:
    """What is said on standard error after the line that names the cluster."""
    where, *rest = answer.stderr.splitlines()
    assert where.startswith("context railiance01, server http://127.0.0.1:")
    return rest


@pytest.fixture
def api() -> Iterator[Api]:
    with serving(Api()) as made:
        yield made


def test_one_pod_is_shown_as_it_logs(api: Api, ops: Run, tmp_path: Path) -> None:
    waited = container("wait-for-migrations", DONE)
    api.objects[PODS] = [pod("web-1", container("web", RUNNING), inits=(waited,))]
    api.logs = {("web-1", "web", False): "first\n  second\n"}
    answer = ops("logs", "--since", "1h30m", KUBECONFIG=api.kubeconfig(tmp_path))
    assert (answer.returncode, answer.stdout) == (0, "first\n  second\n")
    assert said(answer) == []
    assert api.queries == [{"container": ["web"], "sinceSeconds": ["5400"]}]


def test_several_pods_are_told_apart(api: Api, ops: Run, tmp_path: Path) -> None:
    new = pod(
        "web-abc12",
        container("web", STARTS),
        inits=(container("wait-for-migrations", RUNNING),),
        phase="Pending",
    )
    api.objects[PODS] = [new, pod("web-xyz01", container("web", RUNNING))]
    api.logs = {
        ("web-abc12", "wait-for-migrations", False): "waiting: no migration\n",
        ("web-xyz01", "web", False): "served\n",
    }
    answer = ops("logs", KUBECONFIG=api.kubeconfig(tmp_path))
    assert answer.returncode == 0
    assert answer.stdout.splitlines() == [
        "[xyz01] served",
        "[abc12 wait-for-migrations] waiting: no migration",
    ]
    assert said(answer) == ["pod web-abc12: web waits: PodInitializing"]


def test_crashed_pod_says_how_it_ended(api: Api, ops: Run, tmp_path: Path) -> None:
    api.objects[PODS] = [pod("web-1", container("web", BACK_OFF, KILLED))]
    api.logs = {("web-1", "web", False): "last words\n", ("web-1", "web", True): "the same\n"}
    kubeconfig = api.kubeconfig(tmp_path)
    answer = ops("logs", KUBECONFIG=kubeconfig)
    assert (answer.returncode, answer.stdout) == (0, "last words\n")
    assert said(answer) == [
        "pod web-1: web waits: CrashLoopBackOff: back-off 5m0s",
        RESTARTED,
    ]
    assert ops("logs", "--previous", KUBECONFIG=kubeconfig).stdout == "the same\n"


def test_absent_pods_and_logs_are_errors(api: Api, ops: Run, tmp_path: Path) -> None:
    kubeconfig = api.kubeconfig(tmp_path)
    api.objects[PODS] = []
    absent = ops("logs", KUBECONFIG=kubeconfig)
    assert absent.returncode == 1
    assert f"there is no Deployment {APP}/{APP}; `ops deploy --app {APP}`" in absent.stderr
    assert "kept for a day" in ops("logs", "manage", KUBECONFIG=kubeconfig).stderr

    failed = container("wait-for-migrations", {"terminated": {"exitCode": 1}})
    api.objects[PODS] = [pod("web-1", container("web", STARTS), inits=(failed,), phase="Pending")]
    unread = ops("logs", KUBECONFIG=kubeconfig)
    assert (unread.returncode, unread.stdout) == (1, "")
    assert "the log of wait-for-migrations cannot be read" in unread.stderr
    assert (
        "no container of web has a log yet (web-1: Pending, web PodInitializing)" in unread.stderr
    )
    assert "leave out --previous" in ops("logs", "--previous", KUBECONFIG=kubeconfig).stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nonesuch",), f"{APP} has no process 'nonesuch'; it has migrate, web, manage"),
        (("--since", "soon"), "'soon' is no duration; give one such as 90s, 10m, 2h or 1h30m"),
        (("--since", "0s"), "'0s' is no duration"),
        (("--follow", "--previous"), "--previous is about a container that has ended"),
    ],
)
def test_wrong_use_is_refused(ops: Run, arguments: tuple[str, ...], sentence: str) -> None:
    answer = ops("logs", *arguments)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert sentence in answer.stderr


EVERY = "valkey, migrate, web, worker-mail, worker-beat, maintenance, schedule-nightly, manage"


def test_workers_and_schedules_go_by_their_names(api: Api, ops: Run, tmp_path: Path) -> None:
    kubeconfig = api.kubeconfig(tmp_path)
    path, name = "/api/v1/namespaces/werkstatt/pods", "app.kubernetes.io/name"
    for component, main in (("worker-mail", "worker"), ("schedule-nightly", "schedule")):
        made = pod(f"{component}-1", container(main, RUNNING), component=component)
        made["metadata"] |= {"namespace": "werkstatt"}
        made["metadata"]["labels"][name] = "werkstatt"
        api.objects.setdefault(path, []).append(made)
        api.logs[f"{component}-1", main, False] = f"of {component}\n"
    asked = {"folder": SNAPSHOTS, "KUBECONFIG": kubeconfig}
    for given in ("mail", "worker-mail"):
        assert ops("logs", "--app", "werkstatt", given, **asked).stdout == "of worker-mail\n"
    nightly = ops("logs", "--app", "werkstatt", "nightly", **asked)
    assert nightly.stdout == "of schedule-nightly\n", nightly.stderr
    unknown = ops("logs", "--app", "werkstatt", "mial", **asked)
    assert unknown.returncode == 2
    assert f"werkstatt has no process 'mial'; it has {EVERY}" in unknown.stderr


def test_each_step_of_a_migration_is_shown(api: Api, ops: Run, tmp_path: Path) -> None:
    steps = (container("migrate", DONE), container("step-1", DONE))
    last = container("step-2", DONE)
    done = pod("migrate-1", last, inits=steps, component="migrate", phase="Succeeded")
    api.objects[PODS] = [done]
    for step in ("migrate", "step-1", "step-2"):
        api.logs["migrate-1", step, False] = "done\n"
    answer = ops("logs", "migrate", KUBECONFIG=api.kubeconfig(tmp_path))
    assert answer.stdout.splitlines() == ["[migrate] done", "[step-1] done", "done"]


def test_a_followed_job_is_shown_to_its_end(
    api: Api, ops: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_logs, "LOOK_AGAIN_SECONDS", 0.05)
    first, last = (
        pod(f"migrate-{n}", container("migrate", DONE), component="migrate", phase="Succeeded")
        for n in (1, 2)
    )
    api.objects[PODS] = [first, last]
    api.logs = {(f"migrate-{n}", "migrate", False): f"from {n}\n" for n in (1, 2)}
    answer = ops("logs", "migrate", "--follow", KUBECONFIG=api.kubeconfig(tmp_path))
    assert (answer.returncode, said(answer)) == (0, [])
    assert sorted(answer.stdout.splitlines()) == ["[1] from 1", "[2] from 2"]
    assert all(query["follow"] == ["true"] for query in api.queries)
