"""What an operator runs by hand on a real node: logs, commands, a shell, a schedule."""

from __future__ import annotations

import json
import signal
import time
from typing import TYPE_CHECKING

import pytest

from tests.e2e.repository import read
from tests.e2e.test_deploy import nightly

if TYPE_CHECKING:
    from tests.rehearse.site import Site

LEAVE = "exit(print(6 * 7) or 4)"
FAIL = "import sys; print('Größe', flush=True); print('careful', file=sys.stderr); sys.exit(5)"


@pytest.mark.rehearsal(11, "ops logs, manage, shell and run: output, exit codes, receipts")
def test_by_hand(site: Site) -> None:
    began = time.monotonic()
    operator = site.operator
    answer = operator.ops("manage", "--exec", "shell", "--command", FAIL)
    assert (answer.returncode, answer.stderr) == (5, "careful\n"), answer.stdout
    assert answer.stdout.endswith("\nGröße\n")

    job = operator.ops("manage", "shell", "--command", FAIL)
    assert job.returncode == 5, job.stdout + job.stderr
    assert {"Größe", "careful"} <= set(job.stdout.splitlines())
    assert "failed: " in job.stderr
    assert "Größe" in operator.ops("logs", "manage").stdout

    code, said = operator.answer("ops shell", {">>> ": LEAVE})
    assert code == 4, said
    assert "42" in said

    assert "GET" in operator.ops("logs", "--since", "10m").stdout
    code, said = operator.interrupt("logs", "--follow", after="GET", by=signal.SIGINT)
    assert code == 0, said

    file = operator.folder / f"dist/{site.app}.k8s.yaml"
    before = file.read_text()
    (migrate,) = (one for one in read(file) if one["kind"] == "Job")
    cron_job = nightly(migrate)
    try:
        file.write_text(f"{before}---\n{json.dumps(cron_job)}\n")
        site.kubectl("apply", "--filename=-", stdin=json.dumps(cron_job))
        run = operator.ops("run", "nightly")
        assert run.returncode == 0, run.stdout + run.stderr
        assert "No migrations to apply" in run.stdout
        assert "No migrations to apply" in operator.ops("logs", "nightly").stdout
    finally:
        file.write_text(before)
        gone = ("delete", "cronjob", f"{site.app}-nightly", "--ignore-not-found")
        site.kubectl(*gone, f"--namespace={site.app}")

    receipts = site.get("configmap", f"{site.app}-commands")["data"]
    ended = [json.loads(text) for _, text in sorted(receipts.items())]
    assert [(one["command"].split()[0], one["outcome"]) for one in ended] == [
        ("manage", "failed"),
        ("manage", "failed"),
        ("shell", "failed"),
        ("run", "succeeded"),
    ]
    assert "run nightly succeeded" in site.do("ops status")
    title = "logs, commands, a shell and a schedule by hand"
    site.figures.note(11, title, seconds=time.monotonic() - began, seen="nothing")
