"""Somebody at a repository who keeps its Secrets."""

import base64
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from ops.objects.base import Document
from tests.conftest import ROOT
from tests.runner import Answer, run

APP = "notizen"
FILE = f"secrets/{APP}.sops.yaml"
MEMORY = Path("/dev/shm")  # noqa: S108 (that it is in memory is tested)
SOPS = Path(sys.executable).with_name("sops")


@dataclass
class Operator:
    """Somebody at a repository, with a home of his own and no kubeconfig."""

    folder: Path
    home: Path
    app: str = APP
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
        return self.folder / f"secrets/{self.app}.sops.yaml"

    @property
    def edited(self) -> Path:
        """Where an editor writes down the path of the file that it got."""
        return self.home / "edited"

    @property
    def scratch(self) -> Path:
        """The folder in memory in which the last editing was done; others have theirs beside it."""
        return MEMORY / Path(self.edited.read_text().strip()).relative_to(MEMORY).parts[0]

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
        return run(*arguments, folder=self.folder, environment=self.environment, stdin=stdin)

    def values(self) -> dict[str, dict[str, str]]:
        """What is in the file, as sops alone gives it."""
        decrypted = self.run(SOPS, "decrypt", self.file)
        assert decrypted.returncode == 0, decrypted.stderr
        documents = list(yaml.load_all(decrypted.stdout, yaml.CSafeLoader))
        return {document["metadata"]["name"]: _values(document) for document in documents}

    def edit(self, old: str, new: str) -> Answer:
        """Replaces a text in the decrypted file, by an editor that does it."""
        editor = self.home / "editor.py"
        editor.write_text(
            f"import sys, pathlib\np = pathlib.Path(sys.argv[-1])\nt = p.read_text()\n"
            f"assert {old!r} in t\np.write_text(t.replace({old!r}, {new!r}))\n"
            f"pathlib.Path({str(self.edited)!r}).write_text(str(p))\n"
        )
        self.variables["EDITOR"] = f"{sys.executable} {editor}"
        return self.ops("edit")


def _values(document: Document) -> dict[str, str]:
    """A Secret's values; of a file that is no text every byte is a character."""
    data = document.get("data", {}).items()
    files = {key: base64.b64decode(value).decode("latin-1") for key, value in data}
    return {**files, **document.get("stringData", {})}
