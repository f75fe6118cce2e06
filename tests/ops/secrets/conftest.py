"""A repository with dist/, an operator with a key pair of his own, and the real sops."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT, rendered
from tests.made_up import NOTIZEN

APP = "notizen"
FILE = f"secrets/{APP}.sops.yaml"
SOPS = Path(sys.executable).with_name("sops")

Answer = subprocess.CompletedProcess[str]


@dataclass
class Operator:
    """Somebody at a repository, with a home of his own and no kubeconfig."""

    folder: Path
    home: Path
    python: Path = Path(sys.executable)
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("SOPS_", "KUBE", "XDG_"))}
        return {**kept, "HOME": str(self.home), "PYTHONPATH": f"{ROOT}", **self.variables}

    @property
    def key_file(self) -> Path:
        return self.home / ".config/sops/age/keys.txt"

    @property
    def file(self) -> Path:
        return self.folder / FILE

    @property
    def command(self) -> list[str]:
        return [str(self.python), "-m", "ops", "secrets"]

    def ops(self, *arguments: str, stdin: str = "") -> Answer:
        """Runs `ops secrets …` without a terminal."""
        return self.run(*self.command, *arguments, stdin=stdin)

    def init(self, *arguments: str, stdin: str = "SMTP_PASSWORD=post & geheim\n") -> Answer:
        answer = self.ops("init", "--make-key", "--stdin", *arguments, stdin=stdin)
        assert answer.returncode == 0, answer.stderr
        return answer

    def run(self, *arguments: str | Path, stdin: str = "") -> Answer:
        return subprocess.run(
            arguments,
            cwd=self.folder,
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def values(self) -> dict[str, dict[str, str]]:
        """What is in the file, as sops alone gives it."""
        decrypted = self.run(SOPS, "decrypt", FILE)
        assert decrypted.returncode == 0, decrypted.stderr
        documents = yaml.safe_load_all(decrypted.stdout)
        return {document["metadata"]["name"]: document["stringData"] for document in documents}

    def edit(self, old: str, new: str) -> Answer:
        """Replaces a text in the decrypted file, by an editor that does it."""
        editor = self.home / "editor.py"
        editor.write_text(
            f"import sys, pathlib\np = pathlib.Path(sys.argv[-1])\nt = p.read_text()\n"
            f"assert {old!r} in t\np.write_text(t.replace({old!r}, {new!r}))\n"
        )
        self.variables["EDITOR"] = f"{sys.executable} {editor}"
        return self.ops("edit")


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
