"""`ops manage` and `ops shell`: the exit code, the output and the receipt of a command."""

import os
import pty
import subprocess
import termios
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from railiance.manage import Launcher
from tests.conftest import Run
from tests.e2e.operator import parts_of
from tests.ops.api import STDERR, STDOUT, Api, exit_code, serving
from tests.ops.test_logs import APP, PODS, RUNNING, container, pod
from tests.runner import OPS

TIMEOUT_SECONDS = 30
READY = {"type": "Ready", "status": "True"}
JOBS = f"/apis/batch/v1/namespaces/{APP}/jobs"


def ready(name: str, **status: Any) -> dict[str, Any]:
    made = pod(name, container("web", RUNNING))
    made["status"] = {**made["status"], "conditions": [READY], **status}
    return made


@pytest.fixture
def api() -> Iterator[Api]:
    with serving(Api(objects={PODS: [ready("web-1"), ready("web-2"), pod("web-3")]})) as made:
        yield made


def test_command_runs_in_the_newest_ready_pod(api: Api, ops: Run, tmp_path: Path) -> None:
    text = "Größe\n".encode()
    api.parts = [(STDOUT, text[:3]), (STDERR, b"careful\n"), (STDOUT, text[3:]), exit_code(3)]
    kubeconfig = api.kubeconfig(tmp_path)
    answer = ops("manage", "--exec", "check", "--deploy", KUBECONFIG=kubeconfig)
    assert (answer.returncode, answer.stdout) == (3, "Größe\n")
    where, *said = answer.stderr.splitlines()
    assert where.startswith("context railiance01, server http://127.0.0.1:")
    assert said == ["careful"]
    assert api.commands == [
        {
            "container": ["web"],
            "command": Launcher().run("check", "--deploy"),
            "stdout": ["true"],
            "stderr": ["true"],
        }
    ]
    (receipt,) = api.receipts()
    assert receipt["operator"]
    assert receipt["finished"] >= receipt["started"]
    told = [receipt[key] for key in ("command", "where", "outcome", "reason")]
    assert told == ["manage check --deploy", "Pod web-2", "failed", "exit code 3"]


def test_receipt_hides_what_looks_secret(api: Api, ops: Run, tmp_path: Path) -> None:
    api.parts = [exit_code(0)]
    words = (
        *("load", "--password=geheim", "--api-key", "geheim", "--as", "anna"),
        *("TOKEN=geheim", "postgres://anna:geheim@db/app"),
    )
    answer = ops("manage", "--exec", *words, KUBECONFIG=api.kubeconfig(tmp_path))
    assert (answer.returncode, answer.stdout) == (0, "")
    (receipt,) = api.receipts()
    hidden = "manage load --password=… --api-key … --as anna TOKEN=… …"
    assert (receipt["command"], receipt["outcome"]) == (hidden, "succeeded")


def test_receipts_are_trimmed(api: Api, ops: Run, tmp_path: Path) -> None:
    api.parts = [exit_code(0)]
    name = f"{APP}-commands"
    data = {
        f"2026-01-01T00-00-{second:02}Z-a": f'{{"command": "{second}"}}' for second in range(20)
    }
    api.objects[f"/api/v1/namespaces/{APP}/configmaps/{name}"] = {
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": APP, "resourceVersion": "1"},
        "data": data,
    }
    assert ops("manage", "--exec", "x", KUBECONFIG=api.kubeconfig(tmp_path)).returncode == 0
    kept = [receipt["command"] for receipt in api.receipts()]
    assert kept == [*(str(second) for second in range(1, 20)), "manage x"]


def test_what_cannot_be_run_is_one_sentence(api: Api, ops: Run, tmp_path: Path) -> None:
    kubeconfig = api.kubeconfig(tmp_path)
    refused = ops("manage", "--exec", "check", KUBECONFIG=kubeconfig)
    assert refused.returncode == 1
    assert f"cannot run a command in Pod {APP}/web-2: no exec; the user" in refused.stderr
    api.parts = [(STDOUT, b"begun\n")]
    lost = ops("manage", "--exec", "check", KUBECONFIG=kubeconfig)
    assert (lost.returncode, lost.stdout) == (1, "begun\n")
    assert f"the connection to Pod {APP}/web-2 was lost; the command may still run" in lost.stderr
    api.objects[PODS] = [pod("web-3", phase="Pending")]
    none = ops("manage", "--exec", "check", KUBECONFIG=kubeconfig)
    assert none.returncode == 1
    assert f"no web pod of {APP} is ready (web-3: Pending)" in none.stderr
    assert [receipt["outcome"] for receipt in api.receipts()] == ["failed"] * 3


def test_the_wrong_cluster_and_no_terminal_are_refused(api: Api, ops: Run, tmp_path: Path) -> None:
    elsewhere = api.kubeconfig(tmp_path, "elsewhere")
    answer = ops("manage", "check", KUBECONFIG=elsewhere)
    assert answer.returncode == 1
    assert "--confirm-context elsewhere" in answer.stderr
    shell = ops("shell", KUBECONFIG=elsewhere)
    assert shell.returncode == 2
    assert "a shell needs a terminal" in shell.stderr
    assert not api.commands


@pytest.mark.parametrize(("condition", "code"), [("Complete", 0), ("Failed", 5)])
def test_job_passes_its_exit_code_on(
    api: Api, ops: Run, tmp_path: Path, condition: str, code: int
) -> None:
    api.job_status = {"conditions": [{"type": condition, "status": "True", "reason": "why"}]}
    ended = container("manage", {"terminated": {"exitCode": code}})
    made = pod("manage-1", ended, phase="Succeeded")
    api.objects[PODS] = api.job_pods = [made]
    api.logs = {("manage-1", "", False): "done\n"}
    answer = ops(
        *("manage", "--timeout", "2h", "clearsessions"), KUBECONFIG=api.kubeconfig(tmp_path)
    )
    assert answer.returncode == code, answer.stderr
    (job,) = api.created("Job")
    assert answer.stdout == f"Job {APP}/{job['metadata']['name']}\ndone\n"
    assert ("failed: why" in answer.stderr) == bool(code)
    spec = job["spec"]["template"]["spec"]
    assert spec["containers"][0]["command"] == Launcher().run("clearsessions")
    assert (job["spec"]["activeDeadlineSeconds"], job["spec"]["backoffLimit"]) == (7200, 0)
    (receipt,) = api.receipts()
    assert receipt["where"] == f"Job {job['metadata']['name']}"
    assert receipt["outcome"] == ("failed" if code else "succeeded")


def test_shell_has_the_terminal(api: Api, frozen_repository: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (30, 100))
    before = termios.tcgetattr(theirs)
    process = subprocess.Popen(
        (*OPS, "shell"),
        cwd=frozen_repository,
        env={**os.environ, "KUBECONFIG": api.kubeconfig(tmp_path)},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    threading.Timer(TIMEOUT_SECONDS, process.kill).start()
    said = ""
    for part in parts_of(ours):
        said += part
        if said.endswith(">>> "):
            os.write(ours, b"\x03exit\r")
    assert process.wait() == 4
    assert termios.tcgetattr(ours) == before
    os.close(ours)
    (asked,) = api.commands
    assert asked["command"] == Launcher().run("shell")
    assert asked["tty"] == asked["stdin"] == ["true"]
    assert "stderr" not in asked
    assert api.sizes == [{"Width": 100, "Height": 30}]
    assert f"Pod {APP}/web-2" in said
    (receipt,) = api.receipts()
    assert (receipt["command"], receipt["reason"]) == ("shell", "exit code 4")
