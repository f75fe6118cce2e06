"""A git repository in which a few of the apps get another image: what a plan is measured on."""

import re
import shutil
from pathlib import Path

from tools.bench.process import Call

MOST_CHANGED = 10
"""The most apps that the last commit changes."""
_IDENTITY = ("-c", "user.name=bench", "-c", "user.email=bench@localhost")


def write(folder: Path, rendered: Path) -> None:
    """Commits what is rendered, and then the same with another image in the first apps."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("dist", "argocd"):
        shutil.copytree(rendered / name, folder / name)
    begin(folder)
    for file in sorted((folder / "dist").iterdir())[:MOST_CHANGED]:
        file.write_text(re.sub(r":[0-9a-z]+@sha256:", ":next@sha256:", file.read_text()))
    _commit(folder, "another image")


def begin(folder: Path) -> None:
    """Makes a repository of a folder, and commits all that is there."""
    _git(folder, "init", "--quiet")
    _commit(folder, "as rendered")


def _commit(folder: Path, message: str) -> None:
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message", message)


def _git(folder: Path, *arguments: str) -> None:
    Call(["git", "-C", folder, *_IDENTITY, *arguments]).run()
