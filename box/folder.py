"""The folder with all files of a local cluster; ``down`` removes it."""

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
    """The paths of one local cluster."""

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
        """The kubeconfig of the cluster."""
        return self.root / "kubeconfig"

    @property
    def pki(self) -> Path:
        """The folder with keys and certificates."""
        return self.root / "pki"

    @property
    def repositories(self) -> Path:
        """The files that the git host serves: HOST/PATH.git, and HOST.crt, HOST.key."""
        return self.root / "git"

    @property
    def settings(self) -> Path:
        """The choices made when the local cluster was first started, as JSON."""
        return self.root / "box.json"

    def log(self, component: str) -> Path:
        """The output of a component."""
        return self.root / "log" / f"{component}.log"

    @property
    def audit(self) -> Path:
        """The audit log: every write to the cluster, in order, with its user, as JSON lines."""
        return self.log("audit")

    def create(self) -> None:
        """Create the folder, readable by its owner only."""
        self.root.mkdir(mode=0o700, exist_ok=True)
        for name in ("bin", "etcd", "git", "home", "log", "pki", "tmp"):
            (self.root / name).mkdir(exist_ok=True)

    def remove(self) -> None:
        """Remove the folder, even if another process removes a part of it meanwhile."""
        while self.root.exists():
            with suppress(FileNotFoundError):
                shutil.rmtree(self.root)

    def read_settings(self) -> dict[str, object]:
        """The recorded choices; empty for a local cluster that was never started."""
        try:
            return dict(json.loads(self.settings.read_text()))
        except (FileNotFoundError, json.JSONDecodeError):
            return {}

    def write_settings(self, settings: Mapping[str, object]) -> None:
        """Record the choices."""
        write(self.settings, json.dumps(settings, indent=2))


def write(file: Path, text: str) -> None:
    """Write atomically, for the owner only: the process may be killed at any moment."""
    draft = file.with_name(f"{file.name}.draft")
    draft.touch(mode=0o600)
    draft.write_text(text)
    draft.replace(file)


def parent() -> Path:
    """The parent folder of all local clusters; TMPDIR changes it."""
    return Path(tempfile.gettempdir())


def existing() -> list[Folder]:
    """The local clusters that have files here."""
    names = (path.name.removeprefix(PREFIX) for path in sorted(parent().glob(f"{PREFIX}*")))
    return [Folder(name) for name in names if NAME.fullmatch(name)]


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold an exclusive lock on a folder; the folder itself is locked, so no lock file is left."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
