"""What tests share: the repository, its command line, and renderings made once."""

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from apps import APPS
from railiance import DjangoApp
from railiance.railiance01 import RAILIANCE01
from railiance.synth import synthesize
from tests import runner
from tests.made_up import NOTIZEN
from tests.runner import OPS, Answer

ROOT = Path(__file__).parent.parent

Run = Callable[..., Answer]

COPIED = ("app.py", "apps", "constructs", "dist", "argocd", "secrets", ".gitleaks.toml")
LINKED = ("imports", ".venv")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write snapshots instead of comparing")


@pytest.fixture
def run() -> Run:
    """Runs a program in the repository, or elsewhere, and returns what it said."""

    def program(*arguments: str | Path, folder: Path = ROOT, **variables: str) -> Answer:
        return runner.run(*arguments, folder=folder, environment={**os.environ, **variables})

    return program


@pytest.fixture
def ops(run: Run) -> Run:
    """Runs the operator's tool as an operator does."""
    return lambda *arguments, **options: run(*OPS, *arguments, **options)


def content(folder: Path) -> dict[str, bytes]:
    """Every file below dist/ and argocd/, by its path."""
    return {
        f"{name}/{file.name}": file.read_bytes()
        for name in ("dist", "argocd")
        for file in sorted((folder / name).glob("*"))
    }


def copy(names: Sequence[str], target: Path) -> Path:
    """Copies files and folders of the repository, so that a test can change them."""
    for name in names:
        if (ROOT / name).is_dir():
            unwanted = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, target / name, ignore=unwanted)
        else:
            shutil.copy(ROOT / name, target)
    return target


def rendered(apps: Sequence[DjangoApp], folder: Path, secrets: Path | None = None) -> Path:
    synthesize(apps, RAILIANCE01, folder, secrets)
    return folder


@pytest.fixture(scope="session")
def two_apps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dist/ and argocd/ of the first app and a made-up one."""
    return rendered([*APPS, NOTIZEN], tmp_path_factory.mktemp("two-apps"))


def equipped(folder: Path) -> Path:
    """Copies what is rendered and what renders it, with the tools that were set up."""
    copy(COPIED, folder)
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    (folder / ".tools/bin").mkdir(parents=True)
    for name in ("schemas", "bin/kubeconform", "bin/gitleaks"):
        (folder / ".tools" / name).symlink_to(ROOT / ".tools" / name)
    return folder


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository of its own, with the tools that were set up."""
    return equipped(tmp_path)
