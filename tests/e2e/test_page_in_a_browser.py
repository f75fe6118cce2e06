"""The page of a plan in headless Chromium, at the width of a phone and of a desk. Needs no box."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from ops.plan.build import plan
from ops.plan.html import write
from tests.conftest import ROOT
from tests.plan.conftest import APP, History, container, first_commit, history  # noqa: F401
from tests.plan.test_media import HOSTILE

if TYPE_CHECKING:
    from pathlib import Path

BROWSER = ROOT / ".tools/browser"


def look(page: Path, width: int) -> dict[str, Any]:
    assert (BROWSER / "ready").exists(), "run `make .tools/browser/ready`"
    program = [ROOT / ".venv/bin/node", ROOT / "tools/browser/look.mjs", BROWSER]
    picture = page.with_suffix(".png")
    run = subprocess.run(
        [*program, page, str(width), picture],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert picture.read_bytes().startswith(b"\x89PNG")
    return dict(json.loads(run.stdout))


@pytest.mark.parametrize("width", [360, 1280])
def test_page_can_be_read(history: History, tmp_path: Path, width: int) -> None:  # noqa: F811
    history.replace("databaseReclaimPolicy: retain", "databaseReclaimPolicy: delete")
    history.change("Deployment", lambda d: container(d)["env"].append({"name": "x" * 200}))
    page = tmp_path / "plan.html"
    write(plan("HEAD", None, history.folder), page)
    seen = look(page, width)
    assert seen["width"] <= width
    assert seen["fontPixels"] >= 16
    assert (seen["pictures"], seen["textsOutsideTheirPicture"]) == (1, 0)
    assert seen["title"] == "plan failed: 1 not acknowledged"
    visible = seen["visible"]
    order = ["Needs attention", "data at risk: Database", f"{APP}: upgrade", "What Argo CD does"]
    assert sorted(order, key=visible.index) == order
    for words in ("data at risk", f"run hook Job {APP}-migrate", "Sync, wave -2"):
        assert words in seen["visible"]


def test_hostile_names_are_only_shown(history: History, tmp_path: Path) -> None:  # noqa: F811
    history.change("Service", lambda service: service["metadata"].update(name=HOSTILE[0]))
    page = tmp_path / "plan.html"
    write(plan("HEAD", None, history.folder), page)
    seen = look(page, 360)
    assert (seen["scripts"], seen["width"]) == (0, 360)
    assert "<script>alert(1)</script>" in seen["visible"]
