"""The archives of images, and when they are built again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from box import debian, programs
from box.folder import locked
from box.images import app, archive, platform, valkey, workshop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from box.images.archive import Image
    from box.images.workshop import Workshop
    from box.progress import Progress

APP = "gitea.coulomb.social/coulomb/vergabe-teilnahme"
"""The image name in the declaration of vergabe-teilnahme, which the stand-in uses instead."""


@dataclass(frozen=True)
class Recipe:
    """One archive: its name, and the function that builds its images."""

    name: str
    make: Callable[[Workshop], list[Image]]

    @property
    def archive(self) -> Path:
        """The path of the archive."""
        return workshop.FOLDER / f"{self.name}.tar"


PLATFORM = (
    Recipe("cloudnative-pg", platform.cloudnative_pg),
    Recipe("cloudnative-pg-1.30", platform.next_cloudnative_pg),
    Recipe("postgresql", platform.postgresql),
    Recipe("cert-manager", platform.cert_manager),
    Recipe("traefik", platform.traefik),
)
STANDIN = Recipe("vergabe-teilnahme", partial(app.app, repository=APP))
VALKEY = Recipe("valkey", valkey.valkey)
PULLED = (STANDIN, VALKEY)
"""What pods pull from the registry, as in production."""
RECIPES = (*PLATFORM, *PULLED)


def make_all(progress: Progress) -> list[Path]:
    """Build every archive, unless all are up to date; return the archives."""
    programs.build_missing(progress, programs.IMAGE_PROGRAMS)
    workshop.FOLDER.mkdir(parents=True, exist_ok=True)
    stamp = workshop.FOLDER / ".sha256"
    with locked(workshop.FOLDER):
        wanted = inputs()
        if not (stamp.exists() and stamp.read_text() == wanted and all_there()):
            with workshop.opened(progress) as opened:
                for recipe in RECIPES:
                    with progress.step(f"building the images of {recipe.name}"):
                        archive.write(recipe.archive, recipe.make(opened))
            stamp.write_text(wanted)
    return [recipe.archive for recipe in RECIPES]


def references() -> dict[str, str]:
    """Every built image: each repository and tag, with the reference by digest."""
    made: dict[str, str] = {}
    for recipe in RECIPES:
        made |= archive.references(recipe.archive)
    return made


def all_there() -> bool:
    """Whether every archive exists."""
    return all(recipe.archive.exists() for recipe in RECIPES)


def inputs() -> str:
    """A hash of everything that determines the images."""
    digest = hashlib.sha256(debian.read_lock()[workshop.SET].digest.encode())
    for program in programs.IMAGE_PROGRAMS:
        digest.update(programs.digest_of(program).encode())
    for file in sorted(input_files()):
        digest.update(str(file).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def input_files() -> Iterator[Path]:
    """The code that builds the images, the pinned versions, and the app."""
    here = Path(__file__).parent
    yield from here.glob("*.py")
    yield workshop.REQUIREMENTS
    yield from (file for file in (here.parents[1] / "tools/standin").iterdir() if file.is_file())
    for folder in ("app", "variants"):
        for file in (app.SOURCE / folder).rglob("*"):
            if file.is_file() and file.parent.name != app.COMPILED:
                yield file
