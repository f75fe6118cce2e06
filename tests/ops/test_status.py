"""`ops status` and `ops preflight` where there is nothing to look at."""

import shlex
from itertools import pairwise
from pathlib import Path

import pytest

from ops.preflight.checklist import CHECKS
from ops.status.look import LINES
from tests.conftest import ROOT, Run
from tests.ops.kubeconfig import SERVER, nowhere


def test_cluster_that_is_away_is_one_sentence(ops: Run, tmp_path: Path) -> None:
    answer = ops("status", KUBECONFIG=str(nowhere(tmp_path)), NO_PROXY="*")
    assert (answer.returncode, answer.stdout) == (1, "")
    where, error = answer.stderr.splitlines()
    assert where == f"context away, server {SERVER}"
    assert error.startswith(f"error: {SERVER} (context away) does not answer: ")


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


def test_preflight_ends_with_the_deploy_that_skips_what_failed(ops: Run, tmp_path: Path) -> None:
    kubeconfig = str(nowhere(tmp_path))
    answer = ops("preflight", KUBECONFIG=kubeconfig, NO_PROXY="*")
    assert answer.returncode == 1
    offer = answer.stdout.splitlines()[-1]
    assert offer.startswith(
        "to skip what failed: ops deploy --app vergabe-teilnahme --context away"
    )
    assert "--confirm-context away" in offer
    failed = [line.split()[1] for line in answer.stdout.splitlines() if line[:7] in STOPS]
    words = shlex.split(offer.partition(": ops ")[2])
    skipped = [word for before, word in pairwise(words) if before == "--skip"]
    assert set(skipped) == set(failed) - {"namespace.label", "argocd.app", "secrets"}
    assert ops(*words, KUBECONFIG=kubeconfig, NO_PROXY="*").returncode == 1


STOPS = ("failed ", "unknown")


def test_every_line_is_documented() -> None:
    page = (ROOT / "docs/how-to/look-after-an-app.md").read_text()
    rows = [row for row in page.splitlines() if row.startswith("| `")]
    documented = [name.strip("` ") for row in rows for name in row.split("|")[1].split(",")]
    assert documented == [*LINES, *(check.id for check in CHECKS)]
