"""One layer of an image: a tar file whose bytes depend on its content only."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import tarfile
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A file, a folder or a symbolic link; the content is given here or in a local file."""

    kind: bytes
    mode: int = 0o755
    owner: int = 0
    """User and group ID."""
    content: bytes = b""
    source: Path | None = None
    target: str = ""


@dataclass
class Layer:
    """Entries by path without the leading slash; a later entry replaces an earlier one."""

    entries: dict[str, Entry] = field(default_factory=dict)

    def folder(self, path: str, *, mode: int = 0o755, owner: int = 0) -> None:
        """Add an empty folder; if another layer fills it, the files there stay."""
        self.entries[path] = Entry(kind=tarfile.DIRTYPE, mode=mode, owner=owner)

    def text(self, path: str, text: str) -> None:
        """Add a file that everyone may read."""
        self.entries[path] = Entry(kind=tarfile.REGTYPE, mode=0o644, content=text.encode())

    def file(self, path: str, source: Path, *, mode: int | None = None) -> None:
        """Add a local file, following links, by default with its own permissions."""
        mode = stat.S_IMODE(source.stat().st_mode) if mode is None else mode
        self.entries[path] = Entry(kind=tarfile.REGTYPE, mode=mode, source=source)

    def link(self, path: str, target: str) -> None:
        """Add a symbolic link."""
        self.entries[path] = Entry(kind=tarfile.SYMTYPE, mode=0o777, target=target)

    def tree(self, folder: Path, at: str, *, without: frozenset[str] = frozenset()) -> None:
        """Add the content of a local folder, except files and folders with the given names."""
        for path in walk(folder, without):
            name = str(PurePosixPath(at) / path.relative_to(folder))
            if path.is_symlink():
                self.link(name, str(path.readlink()))
            elif path.is_dir():
                self.folder(name, mode=stat.S_IMODE(path.stat().st_mode))
            else:
                self.file(name, path)

    def write(self, archive: Path) -> str:
        """Write the layer and return its digest, the hash of its uncompressed bytes."""
        with archive.open("wb") as raw:
            hashing = Hashing(raw)
            with tarfile.open(fileobj=hashing, mode="w|", format=tarfile.GNU_FORMAT) as tar:
                for path, entry in sorted(self.entries.items()):
                    add(tar, path, entry)
            return hashing.digest


@dataclass
class Hashing(io.RawIOBase):
    """A writable file that hashes what is written to it."""

    raw: BinaryIO

    def __post_init__(self) -> None:
        self.sha256 = hashlib.sha256()

    def write(self, data: object) -> int:
        """Write and hash data."""
        assert isinstance(data, bytes)  # tarfile writes nothing else
        self.sha256.update(data)
        return self.raw.write(data)

    @property
    def digest(self) -> str:
        """The digest in OCI's notation."""
        return f"sha256:{self.sha256.hexdigest()}"


def walk(folder: Path, without: frozenset[str]) -> Iterator[Path]:
    """The content of a folder, sorted by name, each folder before its content."""
    for path in sorted(folder.iterdir()):
        if path.name in without:
            continue
        yield path
        if path.is_dir() and not path.is_symlink():
            yield from walk(path, without)


def add(tar: tarfile.TarFile, path: str, entry: Entry) -> None:
    """Write one entry, with the epoch as its time and without owner names."""
    info = tarfile.TarInfo(path)
    info.type, info.mode, info.linkname = entry.kind, entry.mode, entry.target
    info.uid = info.gid = entry.owner
    if entry.source is None:
        info.size = len(entry.content)
        tar.addfile(info, io.BytesIO(entry.content))
        return
    with entry.source.open("rb") as source:
        info.size = os.fstat(source.fileno()).st_size
        tar.addfile(info, source)
