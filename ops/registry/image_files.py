"""The files that an image contains, read from its layers.

https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md
"""

import gzip
import hashlib
import io
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping
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
MOST_FILE_BYTES = 2**20
"""Of a file whose content is kept."""
PLATFORM = {"os": "linux", "architecture": "amd64"}
"""Which image of several is read; their Python files are the same."""

_WHITEOUT, _OPAQUE = ".wh.", ".wh..wh..opq"


Files = dict[str, bytes | None]
"""Contents by path; None for a link, or a file that is larger than MOST_FILE_BYTES."""
Wanted = Callable[[str], bool]
"""Whether a file of this path is read."""


@dataclass
class Layer:
    """What one layer does to the paths below it."""

    files: Files = field(default_factory=dict)
    """The wanted files that it adds."""
    covered: set[str] = field(default_factory=set)
    """Paths that are gone, or are no folder any more."""
    emptied: set[str] = field(default_factory=set)
    """Folders that keep nothing of what was in them."""

    def over(self, below: Files) -> Files:
        """The wanted files that are there once this layer is applied to those below."""
        kept = {path: content for path, content in below.items() if not self._hides(path)}
        return kept | self.files

    def _hides(self, path: str) -> bool:
        above = [str(folder) for folder in PurePosixPath(path).parents]
        return not self.covered.isdisjoint([path, *above]) or not self.emptied.isdisjoint(above)


class Reader:
    """Reads the wanted files of images, in a `with` statement; a layer that several have, once."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._open = ExitStack()
        self._registries: dict[str, Registry] = {}
        self._layers: dict[str, Layer] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def files(self, image: Reference) -> Files:
        """The wanted files of an image. Raises RegistryError if the image cannot be read."""
        files: Files = {}
        for layer in self._manifest(image).entries("layers", image):
            files = self._layer(image, layer).over(files)
        return files

    def _registry(self, host: str) -> Registry:
        if host not in self._registries:
            self._registries[host] = self._open.enter_context(Registry(host))
        return self._registries[host]

    def _manifest(self, image: Reference) -> Manifest:
        registry = self._registry(image.registry)
        manifest = registry.manifest(image.repository, image.digest or image.tag)
        if not manifest.is_index:
            return manifest
        for entry in manifest.entries("manifests", image):
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
                unpacked = gzip.GzipFile(fileobj=io.BufferedReader(blob))
                file = unpacked if kind in GZIPPED else blob
                self._layers[digest] = _read(file, subject, self._wanted)
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


def _read(file: Any, subject: str, wanted: Wanted) -> Layer:
    """What is in a layer; only what is wanted is kept."""
    layer = Layer()
    try:
        bounded = cast("IO[bytes]", _Bounded(file, subject))
        with tarfile.open(fileobj=bounded, mode="r|") as archive:
            for member in archive:
                _note(layer, archive, member, wanted)
                archive.members = []  # type: ignore[attr-defined]  # or every name of the image would be kept
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError) as error:
        raise RegistryError(f"{subject} is corrupt:  {error}; push the image again") from error
    return layer


def _note(layer: Layer, archive: tarfile.TarFile, member: tarfile.TarInfo, wanted: Wanted) -> None:
    path = PurePosixPath("/", member.name.removeprefix("./"))
    if path.name == _OPAQUE:
        layer.emptied.add(str(path.parent))
    elif path.name.startswith(_WHITEOUT):
        layer.covered.add(str(path.with_name(path.name.removeprefix(_WHITEOUT))))
    elif not member.isdir():
        layer.covered.add(str(path))
        if wanted(str(path)):
            layer.files[str(path)] = _content(archive, member)


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes | None:
    if not member.isreg() or member.size > MOST_FILE_BYTES:
        return None
    file = archive.extractfile(member)
    return file.read() if file else None
