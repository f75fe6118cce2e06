"""Where a box keeps everything it has: one folder, removed by ``down``."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from box.errors import NameRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PREFIX = f"railiance-box-{os.getuid()}-"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,29}")


@dataclass(frozen=True)
class Folder:
    """The paths of one box."""

    name: str

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise NameRefusedError(self.name)

    @property
    def root(self) -> Path:
        """The folder itself."""
        return parent() / f"{PREFIX}{self.name}"

    @property
    def kubeconfig(self) -> Path:
        """How to reach the cluster."""
        return self.root / "kubeconfig"

    @property
    def pki(self) -> Path:
        """The keys and certificates."""
        return self.root / "pki"

    @property
    def repositories(self) -> Path:
        """What the git host serves: HOST/PATH.git, and HOST.crt, HOST.key."""
        return self.root / "git"

    @property
    def settings(self) -> Path:
        """The choices made when the box was first brought up, as JSON."""
        return self.root / "box.json"

    def log(self, component: str) -> Path:
        """What a component printed."""
        return self.root / "log" / f"{component}.log"

    @property
    def audit(self) -> Path:
        """What was written to the cluster, by whom and in which order, as JSON lines."""
        return self.log("audit")

    def create(self) -> None:
        """Make the folder, readable by its owner only."""
        self.root.mkdir(mode=0o700, exist_ok=True)
        for name in ("bin", "etcd", "git", "home", "log", "pki", "tmp"):
            (self.root / name).mkdir(exist_ok=True)

    def remove(self) -> None:
        """Remove all of it, also if somebody else removes a part of it meanwhile."""
        while self.root.exists():
            with suppress(FileNotFoundError):
                shutil.rmtree(self.root)

    def read_settings(self) -> dict[str, object]:
        """The recorded choices; empty for a box that was never brought up."""
        try:
            return dict(json.loads(self.settings.read_text()))
        except (FileNotFoundError, json.JSONDecodeError):
            return {}

    def write_settings(self, settings: Mapping[str, object]) -> None:
        """Record the choices."""
        write(self.settings, json.dumps(settings, indent=2))


def write(file: Path, text: str) -> None:
    """Write for the owner alone, whole or not at all: a box may be killed at any moment."""
    draft = file.with_name(f"{file.name}.draft")
    draft.touch(mode=0o600)
    draft.write_text(text)
    draft.replace(file)


def parent() -> Path:
    """The folder of all boxes; TMPDIR moves it."""
    return Path(tempfile.gettempdir())


def existing() -> list[Folder]:
    """The boxes that have left anything here."""
    names = (path.name.removeprefix(PREFIX) for path in sorted(parent().glob(f"{PREFIX}*")))
    return [Folder(name) for name in names if NAME.fullmatch(name)]


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder alone. The lock is on the folder itself, so no lock file is left behind."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
