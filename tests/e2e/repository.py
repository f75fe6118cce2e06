"""The git repository under rehearsal: the frozen manifests, and what a rehearsal commits."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from box.command import git
from tests import frozen

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.objects.base import Document

ROOT = Path(__file__).parents[2]
FOLDERS = ("dist", "argocd")


class Repository:
    """A working copy whose main branch is pushed to where Argo CD looks."""

    def __init__(self, folder: Path, remote: Path) -> None:
        self.folder = folder
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("config", "user.name", "rehearsal")
        self.git("config", "user.email", "rehearsal@localhost")
        self.git("remote", "add", "origin", str(remote))

    def take(self, source: Path = frozen.FOLDER) -> None:
        """Take over the rendered manifests of a folder."""
        for name in FOLDERS:
            shutil.rmtree(self.folder / name, ignore_errors=True)
            shutil.copytree(source / name, self.folder / name)

    def push(self, message: str) -> str:
        """Commit everything, publish it, and return the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", f"--message={message}")
        return self.publish()

    def revert(self) -> str:
        """Take back the last commit by a new one, as an operator rolls back."""
        self.git("revert", "--no-edit", "HEAD")
        return self.publish()

    def publish(self) -> str:
        """Make this working copy's branch what the repository has."""
        self.git("push", "--quiet", "--force", "origin", "main")
        return self.git("rev-parse", "HEAD").strip()

    def replace(self, file: str, old: str, new: str) -> None:
        """Replace a text everywhere in a file; it must be there."""
        path = self.folder / file
        text = path.read_text()
        assert old in text, f"{file} does not contain {old}"
        path.write_text(text.replace(old, new))

    def edit(self, file: str, change: Callable[[list[Document]], list[Document]]) -> None:
        """Change the documents of a file."""
        path = self.folder / file
        path.write_text(yaml.safe_dump_all(change(read(path)), sort_keys=False))

    def git(self, *arguments: str) -> str:
        """Run git in the working copy, untouched by the configuration of whoever runs it."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        return git(*arguments, folder=self.folder, environment=environment)


def read(file: Path) -> list[Document]:
    """The documents of a rendered file."""
    with file.open() as stream:
        return [document for document in yaml.safe_load_all(stream) if document]


def wave(document: Document) -> int:
    """When Argo CD applies a document."""
    return int(document["metadata"].get("annotations", {}).get("argocd.argoproj.io/sync-wave", "0"))
