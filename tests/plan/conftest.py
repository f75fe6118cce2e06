"""A git repository with the rendered files of two apps, which a test changes and asks about."""

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Run

Document = dict[str, Any]
APP = "vergabe-teilnahme"
DIST = f"dist/{APP}.k8s.yaml"
ARGOCD = f"argocd/{APP}.yaml"
ROOT = "argocd/root.yaml"


@dataclass
class History:
    """The repository, and `ops plan` in it."""

    folder: Path
    ops: Callable[..., Any]

    def git(self, *arguments: str) -> str:
        identity = ("-c", "user.name=test", "-c", "user.email=test@localhost")
        run = subprocess.run(
            ["git", *identity, *arguments],  # noqa: S607
            cwd=self.folder,
            check=True,
            capture_output=True,
            text=True,
        )
        return run.stdout.strip()

    def commit(self, message: str) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def replace(self, old: str, new: str, file: str = DIST) -> None:
        path = self.folder / file
        text = path.read_text()
        assert old in text, f"{file} does not contain {old}"
        path.write_text(text.replace(old, new))

    def edit(self, change: Callable[[list[Document]], list[Document]], file: str = DIST) -> None:
        path = self.folder / file
        documents = list(yaml.load_all(path.read_text(), yaml.CSafeLoader))
        path.write_text(yaml.dump_all(change(documents), sort_keys=False, Dumper=yaml.CSafeDumper))

    def change(self, kind: str, how: Callable[[Document], object], file: str = DIST) -> None:
        """Changes the one document of a kind."""

        def change(documents: list[Document]) -> list[Document]:
            (found,) = (document for document in documents if document["kind"] == kind)
            how(found)
            return documents

        self.edit(change, file)

    def drop(self, *kinds: str, file: str = DIST) -> None:
        self.edit(lambda ds: [d for d in ds if d["kind"] not in kinds], file)

    def remove_app(self) -> None:
        (self.folder / DIST).unlink()
        (self.folder / ARGOCD).unlink()

    def plan(self, *arguments: str, code: int | None = None) -> Document:
        """The plan from the first commit to the work tree, or between the given revisions."""
        answer = self.ops("plan", *(arguments or ("HEAD",)), "--json", folder=self.folder)
        assert answer.stderr == "", answer.stderr
        assert code is None or answer.returncode == code, answer.stdout
        found: Document = json.loads(answer.stdout)
        assert found["passed"] == (answer.returncode == 0)
        return found


@pytest.fixture(scope="session")
def first_commit(tmp_path_factory: pytest.TempPathFactory, two_apps: Path) -> Path:
    """The repository that every test has a copy of."""
    folder = tmp_path_factory.mktemp("history")
    shutil.copytree(two_apps, folder, dirs_exist_ok=True)
    repository = History(folder, lambda: None)
    repository.git("init", "--quiet", "--initial-branch=main")
    repository.commit("first")
    return folder


@pytest.fixture
def history(tmp_path: Path, first_commit: Path, ops: Run) -> History:
    folder = tmp_path / "repository"
    shutil.copytree(first_commit, folder)
    return History(folder, ops)


def effects(plan: Document) -> dict[str, str]:
    """The class of every object that something happens to."""
    return {
        f"{change['kind']} {change['name']}": change["effect"]
        for app in plan["apps"]
        for change in app["changes"]
    }


def container(workload: Document) -> Document:
    found: Document = workload["spec"]["template"]["spec"]["containers"][0]
    return found
