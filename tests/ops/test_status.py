"""`ops status` and `ops preflight` where there is nothing to look at."""

from pathlib import Path

import pytest

from ops.preflight.checklist import CHECKS
from ops.status.look import LINES
from tests.conftest import ROOT, Run
from tests.ops.kubeconfig import SERVER, nowhere


def test_cluster_that_is_away_is_one_sentence(ops: Run, tmp_path: Path) -> None:
    answer = ops("status", KUBECONFIG=str(nowhere(tmp_path)), NO_PROXY="*")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.startswith(f"error: {SERVER} (context away) does not answer: ")
    assert answer.stderr.count("\n") == 1


@pytest.mark.parametrize("verb", ["status", "preflight"])
def test_wrong_use_is_said(ops: Run, tmp_path: Path, verb: str) -> None:
    kubeconfig = str(nowhere(tmp_path))
    unknown = ops(verb, "--app", "nonesuch", KUBECONFIG=kubeconfig)
    assert unknown.returncode == 2
    assert "no app 'nonesuch'" in unknown.stderr
    context = ops(verb, "--context", "nonesuch", KUBECONFIG=kubeconfig)
    assert context.returncode == 1
    assert "get-contexts" in context.stderr
    missing = ops(verb, KUBECONFIG=str(tmp_path / "none"))
    assert missing.returncode == 1
    assert "there is no kubeconfig" in missing.stderr
    nothing = ops(verb, KUBECONFIG=kubeconfig, folder=tmp_path)
    assert nothing.returncode == 1
    assert "make synth" in nothing.stderr


def test_every_line_is_documented() -> None:
    page = (ROOT / "docs/how-to/look-after-an-app.md").read_text()
    rows = [row for row in page.splitlines() if row.startswith("| `")]
    documented = [name.strip("` ") for row in rows for name in row.split("|")[1].split(",")]
    assert documented == [*LINES, *(check.id for check in CHECKS)]
