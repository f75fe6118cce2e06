"""Debian packages, pinned, fetched and unpacked into the project's own folder; never installed.

``debian.lock`` names sets of packages. Of each it says what is wanted, what the
machine has already (``present``), and as ``pinned`` every file that the wanted
ones need, by hash. ``make lock`` moves the pins to what Debian serves today.
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
from box.apt import MEND, Apt, Package
from box.errors import BoxError
from box.folder import locked
from ops.command import Command
from ops.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from box.progress import Progress

LOCK = Path(__file__).parent / "debian.lock"
FOLDER = programs.TOOLS / "debian"


class PackagesVanishedError(BoxError):
    """A point release replaced a pinned version, and the mirror has dropped it."""

    def __init__(self, packages: Sequence[Package], why: CommandError) -> None:
        pinned = ", ".join(package.request for package in packages)
        super().__init__(
            f"Debian does not serve what {LOCK.name} pins ({pinned}): {why}",
            "make lock, which pins the versions that are served now; then look at what changed",
        )


class PackageForgedError(BoxError):
    """What came is not what was pinned."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"{file}: its hash is not the one in {LOCK.name}; removed",
            "try again; if it stays, ask why the mirror serves another file of that version",
        )


@dataclass(frozen=True)
class PackageSet:
    """Packages that are unpacked over each other into one folder."""

    name: str
    wanted: tuple[str, ...]
    present: tuple[str, ...] = ()
    pinned: tuple[Package, ...] = field(default=(), repr=False)

    @property
    def root(self) -> Path:
        """The folder that holds ``usr/…`` and the rest, once unpacked."""
        return FOLDER / self.name

    @property
    def digest(self) -> str:
        """A hash of everything that decides what is unpacked."""
        return hashlib.sha256(repr(self.pinned).encode()).hexdigest()

    @property
    def stamp(self) -> Path:
        """Where it is written what was unpacked."""
        return FOLDER / f".{self.name}.sha256"

    @property
    def is_unpacked(self) -> bool:
        """Whether the folder holds what is pinned."""
        return self.stamp.exists() and self.stamp.read_text() == self.digest

    def repinned(self, apt: Apt) -> PackageSet:
        """The same set at the versions that Debian serves now."""
        pinned = apt.closure(self.wanted, present=self.present)
        return PackageSet(self.name, self.wanted, self.present, tuple(pinned))


def unpacked(name: str, progress: Progress) -> Path:
    """The folder of a set, fetched and unpacked if need be; its files are not to be changed."""
    packages = read_lock()[name]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with locked(FOLDER):
        if not packages.is_unpacked:
            with progress.step(f"unpacking Debian's packages for {name}"):
                fetch(packages.pinned)
                unpack(packages)
    return packages.root


def fetch(packages: Sequence[Package]) -> None:
    """Bring the files that are not there yet, all at once."""
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
    """Take a fetched file into the archive if it is the pinned one."""
    if hashlib.sha256(file.read_bytes()).hexdigest() != package.sha256:
        file.unlink()
        raise PackageForgedError(file)
    os.replace(file, archive(package))


def archive(package: Package) -> Path:
    """Where a fetched file is kept; only a checked one gets there."""
    return FOLDER / "archive" / package.file


def unpack(packages: PackageSet) -> None:
    """Put the files of a set in place of what was unpacked before."""
    packages.stamp.unlink(missing_ok=True)
    shutil.rmtree(packages.root, ignore_errors=True)
    packages.root.mkdir()
    for package in packages.pinned:
        Command(["dpkg-deb", "--extract", archive(package), packages.root], MEND).run()
    packages.stamp.write_text(packages.digest)


def read_lock() -> dict[str, PackageSet]:
    """The sets, by name."""
    return {name: read_set(name, entry) for name, entry in json.loads(LOCK.read_text()).items()}


def read_set(name: str, entry: dict[str, Any]) -> PackageSet:
    """One set as the lock file has it."""
    pinned = (
        Package(file, pin["sha256"], pin["size_bytes"])
        for file, pin in entry.get("pinned", {}).items()
    )
    return PackageSet(name, tuple(entry["wanted"]), tuple(entry.get("present", ())), tuple(pinned))


def write_lock(sets: Sequence[PackageSet]) -> None:
    """Write the lock file beside and rename it."""
    draft = LOCK.with_suffix(".draft")
    draft.write_text(json.dumps({each.name: as_entry(each) for each in sets}, indent=2) + "\n")
    os.replace(draft, LOCK)


def as_entry(packages: PackageSet) -> dict[str, Any]:
    """One set as the lock file has it."""
    pinned = {
        package.file: {"sha256": package.sha256, "size_bytes": package.size_bytes}
        for package in sorted(packages.pinned, key=lambda package: package.file)
    }
    return {"wanted": packages.wanted, "present": packages.present, "pinned": pinned}
