"""A repository with dist/, an operator with a key pair of his own, and the real sops."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import rendered
from tests.made_up import NOTIZEN
from tests.ops.secrets.operator import Operator
from tests.runner import Answer


@pytest.fixture(scope="session")
def manifests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rendered([NOTIZEN], tmp_path_factory.mktemp("manifests"))


def begun(manifests: Path, place: Path) -> Operator:
    folder, home = place / "repository", place / "home"
    folder.mkdir()
    home.mkdir()
    for name in ("dist", "argocd"):
        (folder / name).symlink_to(manifests / name)
    return Operator(folder, home)


@pytest.fixture
def operator(manifests: Path, tmp_path: Path) -> Operator:
    """An operator who has not begun."""
    return begun(manifests, tmp_path)


@pytest.fixture(scope="session")
def made(manifests: Path, tmp_path_factory: pytest.TempPathFactory) -> Operator:
    """An operator with a key pair and the app's file; what he has is copied, never changed."""
    operator = begun(manifests, tmp_path_factory.mktemp("made"))
    operator.init()
    return operator


@pytest.fixture
def set_up(made: Operator, tmp_path: Path) -> Operator:
    """An operator with a key pair and the app's file."""
    for name in ("repository", "home"):
        shutil.copytree(made.folder.parent / name, tmp_path / name, symlinks=True)
    return Operator(tmp_path / "repository", tmp_path / "home")


@pytest.fixture
def another(set_up: Operator, tmp_path: Path) -> Operator:
    """Somebody else at the same repository, for whom nothing is encrypted."""
    home = tmp_path / "another"
    home.mkdir()
    return Operator(set_up.folder, home)


Refused = Callable[[Answer], str]


@pytest.fixture
def refused() -> Refused:
    """What an answer says that is a sentence with exit code 1."""

    def sentence(answer: Answer) -> str:
        assert answer.returncode == 1, answer.stdout + answer.stderr
        assert answer.stderr.startswith("error: ")
        assert "Traceback" not in answer.stderr
        return answer.stderr

    return sentence
