"""The worked changes of CONTRIBUTING.md, made on a copy of the repository."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.runner import Answer, own_code

pytestmark = pytest.mark.slow

PAGE = (ROOT / "CONTRIBUTING.md").read_text()
SECTIONS = dict(re.findall(r"^### (.*)\n((?:(?!^### ).*\n)*)", PAGE, re.MULTILINE))
STEP = re.compile(r"^(Create|In) `([^`]+)`|^```(diff|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INSTALLED = (".venv", ".tools")
NOT_COPIED = shutil.ignore_patterns(*INSTALLED, ".git", ".*_cache", "node_modules", "__pycache__")
Python = Callable[..., Answer]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project's own files, and the tools that were set up."""
    folder = shutil.copytree(ROOT, tmp_path / "project", ignore=NOT_COPIED)
    for name in INSTALLED:
        (folder / name).symlink_to(ROOT / name)
    return folder


@pytest.fixture
def python(project: Path) -> Python:
    """Runs Python in the copy, with the copy's code; it must succeed."""

    def program(*arguments: str) -> Answer:
        answer = subprocess.run(
            [sys.executable, *arguments],
            cwd=project,
            env={**os.environ, **own_code(project)},
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer

    return program


def follow(section: str, project: Path) -> set[str]:
    """Makes a section's changes; the files that were edited by hand, without fixtures."""
    edited = []
    for verb, file, language, code in STEP.findall(SECTIONS[section]):
        if verb:
            edited.append(file)
        elif language == "python":
            assert not (project / edited[-1]).exists()
            (project / edited[-1]).write_text(code)
        else:
            apply(code, project / edited[-1])
    return {file for file in edited if not file.startswith("tests/")}


def apply(diff: str, file: Path) -> None:
    """Changes the one place that the diff shows."""
    old = "".join(f"{line[1:]}\n" for line in diff.splitlines() if not line.startswith("+"))
    new = "".join(f"{line[1:]}\n" for line in diff.splitlines() if not line.startswith("-"))
    text = file.read_text()
    assert text.count(old) == 1, f"{file} has {text.count(old)} places like\n{old}"
    file.write_text(text.replace(old, new))


def rendered(project: Path) -> str:
    return "".join(file.read_text() for file in sorted((project / "dist").iterdir()))


def synth_and_gate(python: Python) -> None:
    python("-O", "app.py")
    python("-m", "ops", "gate")


def test_environment_variable_for_all_pods(project: Path, python: Python) -> None:
    assert len(follow("An environment variable for all pods", project)) <= 1
    synth_and_gate(python)
    yaml = rendered(project)
    assert yaml.count("name: PYTHONUNBUFFERED") == yaml.count("name: XDG_RUNTIME_DIR") >= 3


def test_declared_field(project: Path, python: Python) -> None:
    before = rendered(project)
    follow("A declared field", project)
    synth_and_gate(python)
    assert rendered(project) == before
    python("-m", "tools.docs")
    assert "old_revisions" in (project / "docs/reference/declaration.md").read_text()


def test_check(project: Path, python: Python) -> None:
    assert len(follow("A check", project)) <= 1
    python("-m", "pytest", "-q", "-p", "no:xdist", "tests/gate/test_policy.py", "-k", "image.E007")
    python("-m", "ops", "gate")


def test_part_and_its_kind(project: Path, python: Python) -> None:
    assert len(follow("A kind", project) | follow("A part", project)) <= 3
    python("-m", "tools.imports")
    assert "class PodDisruptionBudgetSpec" in (project / "imports/kubernetes.py").read_text()
    synth_and_gate(python)
    assert rendered(project).count("kind: PodDisruptionBudget") == len(apps(project))
    for app in apps(project):
        assert "kind: PodDisruptionBudget" in (project / f"argocd/{app}.yaml").read_text()


def test_command(project: Path, python: Python) -> None:
    follow("A command", project)
    assert "hosts" in python("-m", "ops", "--help").stdout
    assert len(python("-m", "ops", "hosts").stdout.splitlines()) == len(apps(project))


def apps(project: Path) -> list[str]:
    return [file.name.partition(".")[0] for file in (project / "dist").iterdir()]


def test_every_worked_change_is_tested() -> None:
    tested = Path(__file__).read_text()
    assert SECTIONS
    for section in SECTIONS:
        assert f'follow("{section}", project)' in tested


def test_every_named_path_is_there() -> None:
    placeholder = re.compile("<[a-z]+>")
    made = {file for verb, file, _, _ in STEP.findall(PAGE) if verb == "Create"}
    named = set(re.findall(r"`((?:[\w.]+/)+[\w.<>]*)`", PAGE)) - made
    for path in {placeholder.sub("*", path).rstrip("/") for path in named}:
        assert list(ROOT.glob(path)), path
