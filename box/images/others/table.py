"""The archives of other people's apps, and when they are built again."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from box import debian
from box.folder import locked
from box.images import archive, workshop
from box.images.others.build import build
from box.images.others.recipes import APPS, FILES, PINS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from box.images.others.recipes import App
    from box.progress import Progress


def make_all(progress: Progress) -> dict[str, str]:
    """Build what is missing or outdated; each repository and tag, with its reference by digest."""
    workshop.FOLDER.mkdir(parents=True, exist_ok=True)
    made: dict[str, str] = {}
    with locked(workshop.FOLDER):
        for app in APPS:
            make(app, progress)
            made |= archive.references(path_of(app))
    return made


def make(app: App, progress: Progress) -> None:
    """Build an app's images unless they are up to date."""
    stamp, wanted = workshop.FOLDER / f".{app.name}.sha256", inputs(app)
    if stamp.exists() and stamp.read_text() == wanted and path_of(app).exists():
        return
    with (
        progress.step(f"building the images of {app.name}"),
        workshop.opened(progress) as opened,
    ):
        archive.write(path_of(app), build(app, opened))
    stamp.write_text(wanted)


def path_of(app: App) -> Path:
    """The archive of an app's images."""
    return workshop.FOLDER / f"{app.name}.tar"


def inputs(app: App) -> str:
    """A hash of everything that determines an app's images."""
    digest = hashlib.sha256(debian.read_lock()[workshop.SET].digest.encode())
    digest.update(repr(app).encode())
    for file in input_files(app):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def input_files(app: App) -> Iterator[Path]:
    """The pins, our files, the code that builds images, and the pin of Python."""
    yield app.pins
    if app.sources:
        yield from (app.sources, PINS / "build.txt")
    yield from sorted(FILES.glob("*.py"))
    here = Path(__file__).parent
    images = here.parent
    yield from (here / "build.py", images / "archive.py", images / "base.py", images / "layer.py")
    yield here.parents[2] / "tools/standin/python.json"
