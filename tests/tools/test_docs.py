"""The reference pages are what they describe."""

import sys
from pathlib import Path

from tests.conftest import ROOT, Run


def test_reference_pages_are_fresh(run: Run, tmp_path: Path) -> None:
    answer = run(sys.executable, "-m", "tools.docs", tmp_path)
    assert answer.returncode == 0, answer.stderr
    for page in sorted(tmp_path.iterdir()):
        committed = ROOT / "docs/reference" / page.name
        assert page.read_text() == committed.read_text(), f"{page.name}: run `make docs`"
    assert {p.name for p in tmp_path.iterdir()} == {
        p.name for p in (ROOT / "docs/reference").iterdir()
    }
