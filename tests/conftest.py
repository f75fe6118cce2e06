"""What tests share: the repository, its command line, and renderings made once."""

import gc
import os
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from railiance import DjangoApp
from railiance.platform import Platform
from railiance.synth import synthesize
from tests import frozen, runner
from tests.made_up import NOTIZEN
from tests.runner import OPS, Answer
from tests.schedule import ByTest, begin_with_together

ROOT = Path(__file__).parent.parent

Run = Callable[..., Answer]

CODE = ("app.py", "cdk8s.yaml", "constructs", ".gitleaks.toml")
LINKED = ("imports", ".venv")
COPYING_SECONDS = 60
"""More than app.py takes for the time from reading a source until its compiled code is written."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write snapshots instead of comparing")
    parser.addoption("--live", metavar="FOLDER", help="the repository that tests/live is about")


@pytest.hookimpl(optionalhook=True)  # xdist's, which is not always there
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByTest | None:
    return ByTest(config, log) if config.getvalue("dist") == "loadgroup" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    begin_with_together(items)
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)  # what tests leave behind is little, and looking costs more


@pytest.fixture
def run() -> Run:
    """Runs a program in the repository, or elsewhere, and returns what it said."""

    def program(
        *arguments: str | Path, folder: Path = ROOT, stdin: str = "", **variables: str
    ) -> Answer:
        environment = {**os.environ, **runner.own_code(folder), **variables}
        return runner.run(*arguments, folder=folder, environment=environment, stdin=stdin)

    return program


@pytest.fixture
def ops(run: Run, frozen_repository: Path) -> Run:
    """Runs the operator's tool as an operator does, in the frozen repository or elsewhere."""
    at = {"folder": frozen_repository}
    return lambda *arguments, **options: run(*OPS, *arguments, **{**at, **options})


def content(folder: Path) -> dict[str, bytes]:
    """Every file below dist/ and argocd/, by its path."""
    return {
        f"{name}/{file.name}": file.read_bytes()
        for name in ("dist", "argocd")
        for file in sorted((folder / name).glob("*"))
    }


def copy(names: Sequence[str], target: Path, source: Path = ROOT) -> Path:
    """Copies files and folders of the repository, so that a test can change them."""
    for name in names:
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name)
        else:
            shutil.copy(source / name, target)
    return target


def rendered(
    apps: Sequence[DjangoApp],
    folder: Path,
    secrets: Path | None = None,
    platform: Platform = frozen.RAILIANCE01,
) -> Path:
    synthesize(apps, platform, folder, secrets)
    return folder


@pytest.fixture(scope="session")
def two_apps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dist/ and argocd/ of the frozen app and a made-up one."""
    return rendered([*frozen.APPS, NOTIZEN], tmp_path_factory.mktemp("two-apps"))


@pytest.fixture(scope="session")
def two_apps_with_roles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same two apps on a platform with CloudNativePG 1.30."""
    folder = tmp_path_factory.mktemp("two-apps-with-roles")
    return rendered([*frozen.APPS, NOTIZEN], folder, platform=frozen.WITH_ROLES)


def frozen_copy(folder: Path) -> Path:
    """Copies the frozen repository, and the code that renders it."""
    copy(CODE, folder)
    frozen.lay_over(folder)
    keep_compiled(folder)
    return folder


def keep_compiled(folder: Path) -> None:
    """Has a copy's compiled code count as younger than the copied sources, so that it is used.

    app.py removes compiled code that is hardly younger than its source, and a copy's source is of
    this very moment. Python still compiles again what a test edits.
    """
    later = time.time() + COPYING_SECONDS
    for compiled in (folder / "constructs").rglob("*.pyc"):
        os.utime(compiled, (later, later))


def equipped(folder: Path) -> Path:
    """Links the tools that were set up into a copy of the repository."""
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    (folder / ".tools/bin").mkdir(parents=True)
    for name in ("schemas", "bin/kubeconform", "bin/gitleaks"):
        (folder / ".tools" / name).symlink_to(ROOT / ".tools" / name)
    return folder


@pytest.fixture(scope="session")
def frozen_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The frozen repository with the tools that were set up; nobody changes it."""
    return equipped(frozen_copy(tmp_path_factory.mktemp("frozen")))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The same, to be changed."""
    return equipped(frozen_copy(tmp_path))
