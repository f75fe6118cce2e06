"""What the pages say can be done: links lead somewhere, commands exist, examples are real."""

import re
from pathlib import Path

import pytest

from ops.cli import VERBS
from tests import frozen
from tests.conftest import ROOT, Run

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
DECLARED = (frozen.FOLDER / "apps/vergabe_teilnahme.py").read_text()
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
        assert target.startswith("https://") or (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_commands_exist(page: Path) -> None:
    text = page.read_text()
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z0-9-]+)", text, re.MULTILINE)) <= targets
    assert set(re.findall(r"`ops ([a-z]+)", text)) <= set(VERBS)


def test_bare_make_lists_the_targets(run: Run) -> None:
    answer = run("make")
    listed = re.findall(r"^  ([a-z-]+) +\S", answer.stdout, re.MULTILINE)
    assert answer.returncode == 0
    assert {"synth", "test", "gate", "imports", "bench"} <= set(listed)


def test_example_in_the_readme_is_a_declaration_that_renders() -> None:
    example = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert example
    for line in example.group(1).splitlines():
        if "…" not in line:
            assert line in DECLARED


def test_an_app_is_declared_in_twenty_to_thirty_lines() -> None:
    assert len(DECLARED[DECLARED.index("VERGABE_TEILNAHME =") :].splitlines()) <= 32
