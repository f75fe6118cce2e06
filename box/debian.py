"""Debian packages, pinned, fetched and unpacked into the project's folder; never installed.

``debian.lock`` lists sets of packages. A set states the wanted packages, the packages
that the machine provides (``present``), and as ``pinned`` every needed file by hash.
``make lock`` updates the pins to the versions that Debian serves today.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from box import programs
from box.apt import FIX, Apt, Package
from box.errors import BoxError
from box.folder import locked
from ops.errors import CommandError
from ops.host.command import Command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from box.progress import Progress

LOCK = Path(__file__).parent / "debian.lock"
FOLDER = programs.TOOLS / "debian"


class PackagesVanishedError(BoxError):
    """The mirror has dropped a pinned version, which a point release has replaced."""

    def __init__(self, packages: Sequence[Package], why: CommandError) -> None:
        pinned = ", ".join(package.request for package in packages)
        super().__init__(
            f"Debian does not serve the versions pinned in {LOCK.name} ({pinned}): {why}",
            "make lock, which pins the current versions; then review the changes",
        )


class PackageForgedError(BoxError):
    """A fetched file does not match its pin."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"{file}: its hash differs from the one in {LOCK.name}; the file is removed",
            "try again; if it fails again, find out why the mirror serves a different file",
        )


@dataclass(frozen=True)
class PackageSet:
    """Packages that are unpacked into one folder."""

    name: str
    wanted: tuple[str, ...]
    present: tuple[str, ...] = ()
    pinned: tuple[Package, ...] = field(default=(), repr=False)

    @property
    def root(self) -> Path:
        """The folder that contains ``usr/…`` and the rest, once unpacked."""
        return FOLDER / self.name

    @property
    def digest(self) -> str:
        """A hash of everything that determines the unpacked files."""
        return hashlib.sha256(repr(self.pinned).encode()).hexdigest()

    @property
    def stamp(self) -> Path:
        """The file that records the digest of the unpacked set."""
        return FOLDER / f".{self.name}.sha256"

    @property
    def is_unpacked(self) -> bool:
        """Whether the folder contains the pinned files."""
        return self.stamp.exists() and self.stamp.read_text() == self.digest

    def repinned(self, apt: Apt) -> PackageSet:
        """The same set at the versions that Debian serves now."""
        pinned = apt.closure(self.wanted, present=self.present)
        return PackageSet(self.name, self.wanted, self.present, tuple(pinned))


def unpacked(name: str, progress: Progress) -> Path:
    """The folder of a set, fetched and unpacked if needed; do not change its files."""
    packages = read_lock()[name]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with locked(FOLDER):
        if not packages.is_unpacked:
            with progress.step(f"unpacking Debian's packages for {name}"):
                fetch(packages.pinned)
                unpack(packages)
    return packages.root


def fetch(packages: Sequence[Package]) -> None:
    """Fetch the missing files, all at once."""
    absent = [package for package in packages if not archive(package).exists()]
    if not absent:
        return
    incoming = FOLDER / "incoming"
    shutil.rmtree(incoming, ignore_errors=True)
    incoming.mkdir()
    apt = Apt(FOLDER / "apt")
    apt.update()
    try:
        apt.download(absent, incoming)
    except CommandError as error:
        raise PackagesVanishedError(absent, error) from error
    archive(absent[0]).parent.mkdir(exist_ok=True)
    for package in absent:
        accept(incoming / package.file, package)
    incoming.rmdir()


def accept(file: Path, package: Package) -> None:
    """Move a fetched file into the archive if it matches its pin."""
    if hashlib.sha256(file.read_bytes()).hexdigest() != package.sha256:
        file.unlink()
        raise PackageForgedError(file)
    os.replace(file, archive(package))


def archive(package: Package) -> Path:
    """The path of a fetched and verified file."""
    return FOLDER / "archive" / package.file


def unpack(packages: PackageSet) -> None:
    """Unpack the files of a set, replacing the previous ones."""
    packages.stamp.unlink(missing_ok=True)
    shutil.rmtree(packages.root, ignore_errors=True)
    packages.root.mkdir()
    for package in packages.pinned:
        Command(["dpkg-deb", "--extract", archive(package), packages.root], FIX).run()
    packages.stamp.write_text(packages.digest)


def read_lock() -> dict[str, PackageSet]:
    """The sets, by name."""
    return {name: read_set(name, entry) for name, entry in json.loads(LOCK.read_text()).items()}


def read_set(name: str, entry: dict[str, Any]) -> PackageSet:
    """One set from its entry in the lock file."""
    pinned = (
        Package(file, pin["sha256"], pin["size_bytes"])
        for file, pin in entry.get("pinned", {}).items()
    )
    return PackageSet(name, tuple(entry["wanted"]), tuple(entry.get("present", ())), tuple(pinned))


def write_lock(sets: Sequence[PackageSet]) -> None:
    """Write the lock file atomically."""
    draft = LOCK.with_suffix(".draft")
    draft.write_text(json.dumps({each.name: as_entry(each) for each in sets}, indent=2) + "\n")
    os.replace(draft, LOCK)


def as_entry(packages: PackageSet) -> dict[str, Any]:
    """The entry of one set in the lock file."""
    pinned = {
        package.file: {"sha256": package.sha256, "size_bytes": package.size_bytes}
        for package in sorted(packages.pinned, key=lambda package: package.file)
    }
    return {"wanted": packages.wanted, "present": packages.present, "pinned": pinned}
