"""The repository's folder, found from any folder in it, as git finds its own."""

import os
from pathlib import Path

ROOT_APPLICATION = Path("argocd/root.yaml")


class _Start:
    """Where the tool was started, as seen from the repository's folder."""

    folder = Path()


def enter() -> None:
    """Makes the repository's folder the current one; stays where there is none above."""
    here = Path.cwd()
    root = next(filter(_is_repository, (here, *here.parents)), here)
    _Start.folder = here.relative_to(root)
    if root != here:
        os.chdir(root)


def _is_repository(folder: Path) -> bool:
    declares = (folder / "app.py").is_file() and (folder / "apps").is_dir()
    return declares or (folder / ROOT_APPLICATION).is_file()


def from_start(path: Path) -> Path:
    """A path as somebody gave it, from where they are."""
    return Path(os.path.normpath(_Start.folder / path)) if _Start.folder.parts else path
