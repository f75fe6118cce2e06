"""A git repository in which some apps get a new image; a plan is measured on it."""

import re
import shutil
from pathlib import Path

from tools.bench.process import Call

MOST_CHANGED = 10
"""The most apps that the last commit changes."""
_IDENTITY = ("-c", "user.name=bench", "-c", "user.email=bench@localhost")


def write(folder: Path, rendered: Path) -> None:
    """Commits the rendered files, and then the same files with a new image in the first apps."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("dist", "argocd"):
        shutil.copytree(rendered / name, folder / name)
    begin(folder)
    for file in sorted((folder / "dist").iterdir())[:MOST_CHANGED]:
        file.write_text(re.sub(r":[0-9a-z]+@sha256:", ":next@sha256:", file.read_text()))
    _commit(folder, "another image")


def begin(folder: Path) -> None:
    """Turns a folder into a repository, and commits its content."""
    _git(folder, "init", "--quiet")
    _commit(folder, "as rendered")


def _commit(folder: Path, message: str) -> None:
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message", message)


def _git(folder: Path, *arguments: str) -> None:
    Call(["git", "-C", folder, *_IDENTITY, *arguments]).run()
