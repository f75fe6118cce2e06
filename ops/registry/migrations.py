"""Which Django migrations an image carries, read from its layers.

https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md
"""

import gzip
import hashlib
import io
import re
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO, Any, Self, cast

from ops.errors import RegistryError
from ops.registry.image_reference import Reference
from ops.registry.registry_client import Manifest, Registry

GZIPPED = (
    "application/vnd.oci.image.layer.v1.tar+gzip",
    "application/vnd.docker.image.rootfs.diff.tar.gzip",
)
PLAIN = ("application/vnd.oci.image.layer.v1.tar", "application/vnd.docker.image.rootfs.diff.tar")
MOST_BYTES = 8 * 2**30
"""The most that a layer may hold once unpacked."""
PLATFORM = {"os": "linux", "architecture": "amd64"}
"""Which image of several is read; their Python files are the same."""

_MIGRATION = re.compile(r"(?:.*/)?(?P<app>[^/]+)/migrations/(?P<name>[0-9]\w*)\.py")
_LIBRARIES = re.compile(r".*/(?:site|dist)-packages/")
_WHITEOUT, _OPAQUE = ".wh.", ".wh..wh..opq"


@dataclass(frozen=True, order=True)
class Migration:
    """A migration, as Django names it."""

    app: str
    """The folder of its app, which is the app's label unless its configuration names another."""
    name: str
    path: str
    """Where it is; below the libraries' folder, whose own name changes with Python's version."""

    @classmethod
    def at(cls, path: str) -> "Migration | None":
        """The migration that a file is, if it is one."""
        found = _MIGRATION.fullmatch(path)
        return cls(found["app"], found["name"], _LIBRARIES.sub("", path)) if found else None

    def __str__(self) -> str:
        return f"{self.app}.{self.name}"


@dataclass
class Layer:
    """What one layer does to the paths below it."""

    files: set[str] = field(default_factory=set)
    """The migration files that it adds."""
    covered: set[str] = field(default_factory=set)
    """Paths that are gone, or are no folder any more."""
    emptied: set[str] = field(default_factory=set)
    """Folders that keep nothing of what was in them."""

    def over(self, below: set[str]) -> set[str]:
        """The migration files that are there once this layer is applied to those below."""
        return {path for path in below if not self._hides(path)} | self.files

    def _hides(self, path: str) -> bool:
        above = [str(folder) for folder in PurePosixPath(path).parents]
        return not self.covered.isdisjoint([path, *above]) or not self.emptied.isdisjoint(above)


class Reader:
    """Reads the migrations of images, in a `with` statement; a layer that several have, once."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._registries: dict[str, Registry] = {}
        self._layers: dict[str, Layer] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def migrations(self, image: Reference) -> frozenset[Migration]:
        """The migrations in an image, those of the libraries included.

        Raises RegistryError if the image cannot be read, or has none at all: Django's own alone
        are some, so the image would not be what it should.
        """
        paths: set[str] = set()
        for layer in _listed(self._manifest(image), "layers", image):
            paths = self._layer(image, layer).over(paths)
        found = frozenset(filter(None, map(Migration.at, paths)))
        if not found:
            raise RegistryError(f"{image} contains no migrations; is it a Django image?")
        return found

    def _registry(self, host: str) -> Registry:
        if host not in self._registries:
            self._registries[host] = self._open.enter_context(Registry(host))
        return self._registries[host]

    def _manifest(self, image: Reference) -> Manifest:
        registry = self._registry(image.registry)
        manifest = registry.manifest(image.repository, image.digest or image.tag)
        if not manifest.is_index:
            return manifest
        for entry in _listed(manifest, "manifests", image):
            if PLATFORM.items() <= (entry.get("platform") or {}).items():
                return registry.manifest(image.repository, entry["digest"])
        raise RegistryError(f"{image} has no image for linux/amd64; build it for that platform")

    def _layer(self, image: Reference, layer: Mapping[str, Any]) -> Layer:
        digest = layer["digest"]
        if digest not in self._layers:
            kind = layer.get("mediaType")
            if kind not in (*GZIPPED, *PLAIN):
                raise RegistryError(
                    f"{image}: the layer {digest} is {kind}, which cannot be read; push it gzipped"
                )
            with self._registry(image.registry).blob(image.repository, digest) as pieces:
                blob = Blob(pieces)
                subject = f"{image}: the layer {digest}"
                self._layers[digest] = _read(blob, subject, gzipped=kind in GZIPPED)
                blob.exhaust()
            if blob.digest != digest:
                raise RegistryError(
                    f"{image}: the layer {digest} has the digest {blob.digest} when downloaded; "
                    "check the registry"
                )
        return self._layers[digest]


class Blob(io.RawIOBase):
    """Pieces of bytes as a file, with the digest of what has been read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""
        self._hash = hashlib.sha256()

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes; 0 at the end."""
        self._rest = self._rest or next(self._pieces, b"")
        taken, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(taken)] = taken
        self._hash.update(taken)
        return len(taken)

    def exhaust(self) -> None:
        """Reads what is left."""
        while self.read(1 << 20):
            pass

    @property
    def digest(self) -> str:
        """Of all that was read."""
        return f"sha256:{self._hash.hexdigest()}"


class _Bounded:
    """A file of which no more can be read than an image may hold: a bomb ends here."""

    def __init__(self, file: Any, subject: str) -> None:
        self._file, self._subject, self._left = file, subject, MOST_BYTES

    def read(self, size: int) -> bytes:
        read: bytes = self._file.read(size)
        self._left -= len(read)
        if self._left < 0:
            raise RegistryError(f"{self._subject} unpacks to more than {MOST_BYTES >> 30} GiB")
        return read


def _listed(manifest: Manifest, key: str, image: Reference) -> list[dict[str, Any]]:
    """The entries of a manifest's list, each with a digest."""
    entries = manifest.content.get(key)
    if not isinstance(entries, list) or not all(
        isinstance(entry, dict)
        and re.fullmatch(r"sha256:[0-9a-f]{64}", str(entry.get("digest")))
        and isinstance(entry.get("platform") or {}, dict)
        for entry in entries
    ):
        raise RegistryError(f"{image}: its manifest has no {key}; check the registry")
    return entries


def _read(blob: Blob, subject: str, *, gzipped: bool) -> Layer:
    """What is in a layer; only names are kept."""
    layer = Layer()
    unpacked = gzip.GzipFile(fileobj=io.BufferedReader(blob)) if gzipped else blob
    try:
        bounded = cast("IO[bytes]", _Bounded(unpacked, subject))
        with tarfile.open(fileobj=bounded, mode="r|") as archive:
            for member in archive:
                _note(layer, member)
                archive.members = []  # type: ignore[attr-defined]  # or every name of the image would be kept
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError) as error:
        raise RegistryError(f"{subject} is corrupt:  {error}; push the image again") from error
    return layer


def _note(layer: Layer, member: tarfile.TarInfo) -> None:
    path = PurePosixPath("/", member.name.removeprefix("./"))
    if path.name == _OPAQUE:
        layer.emptied.add(str(path.parent))
    elif path.name.startswith(_WHITEOUT):
        layer.covered.add(str(path.with_name(path.name.removeprefix(_WHITEOUT))))
    elif not member.isdir():
        layer.covered.add(str(path))
        if Migration.at(str(path)):
            layer.files.add(str(path))
