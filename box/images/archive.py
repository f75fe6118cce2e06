"""An OCI image layout in one tar file, for `ctr images import`.

https://github.com/opencontainers/image-spec: image-layout.md, manifest.md, config.md.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar"
# The annotations from which containerd, and then other tools, take an imported image's name.
NAME_ANNOTATIONS = ("io.containerd.image.name", "org.opencontainers.image.ref.name")


@dataclass(frozen=True)
class Blob:
    """A written layer."""

    file: Path
    digest: str


@dataclass(frozen=True, kw_only=True)
class Image:
    """One image: its layers from the bottom up, and how a container of it starts."""

    repository: str
    tag: str
    layers: Sequence[Blob]
    user: str = ""
    entrypoint: Sequence[str] = ()
    command: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: str = "/"

    @property
    def name(self) -> str:
        """Repository and tag."""
        return f"{self.repository}:{self.tag}"

    @property
    def reference(self) -> str:
        """Repository, tag and digest, as in a manifest."""
        return f"{self.name}@{digest(self.manifest)}"

    @cached_property
    def config(self) -> bytes:
        """The image configuration, which tells a container runtime how to start it."""
        settings: dict[str, Any] = {
            "User": self.user,
            "Env": [f"{name}={value}" for name, value in self.environment.items()],
            "Entrypoint": list(self.entrypoint),
            "Cmd": list(self.command),
            "WorkingDir": self.folder,
        }
        diff_ids = [layer.digest for layer in self.layers]
        return encode(
            {
                "architecture": "amd64",
                "os": "linux",
                "config": settings,
                "rootfs": {"type": "layers", "diff_ids": diff_ids},
            }
        )

    @cached_property
    def manifest(self) -> bytes:
        """The image manifest; its hash is the image's digest."""
        layers = [descriptor(LAYER, b.digest, b.file.stat().st_size) for b in self.layers]
        config = descriptor(CONFIG, digest(self.config), len(self.config))
        return encode(
            {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers}
        )

    def descriptors(self) -> list[dict[str, Any]]:
        """The image under the two names that the kubelet may request.

        Of a reference with both tag and digest, containerd drops the tag.
        """
        pinned = f"{self.repository}@{digest(self.manifest)}"
        return [
            descriptor(MANIFEST, digest(self.manifest), len(self.manifest))
            | {"annotations": dict.fromkeys(NAME_ANNOTATIONS, name)}
            for name in (self.name, pinned)
        ]


def write(archive: Path, images: Sequence[Image]) -> None:
    """Write images into one archive, atomically; shared layers are stored once."""
    draft = archive.with_suffix(".draft")
    descriptors = [each for image in images for each in image.descriptors()]
    with tarfile.open(draft, "w", format=tarfile.GNU_FORMAT) as tar:
        # First in the archive, so that readers of the names can stop here.
        index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": descriptors}
        add(tar, "index.json", encode(index))
        add(tar, "oci-layout", encode({"imageLayoutVersion": "1.0.0"}))
        for content in {i.config: None for i in images} | {i.manifest: None for i in images}:
            add(tar, blob_path(digest(content)), content)
        for layer in {layer.digest: layer for i in images for layer in i.layers}.values():
            add_file(tar, blob_path(layer.digest), layer.file)
    os.replace(draft, archive)


def references(archive: Path) -> dict[str, str]:
    """The images of an archive: each repository and tag, with the reference by digest."""
    with tarfile.open(archive) as tar:
        index = tar.extractfile("index.json")
        assert index is not None  # a regular file, written by this module
        manifests = json.load(index)["manifests"]
    named = {each["annotations"][NAME_ANNOTATIONS[0]]: each["digest"] for each in manifests}
    return {name: f"{name}@{found}" for name, found in named.items() if "@" not in name}


def add(tar: tarfile.TarFile, path: str, content: bytes) -> None:
    """Add a small file."""
    info = tarfile.TarInfo(path)
    info.size = len(content)
    tar.addfile(info, io.BytesIO(content))


def add_file(tar: tarfile.TarFile, path: str, source: Path) -> None:
    """Add a large file, without reading it into memory."""
    info = tarfile.TarInfo(path)
    info.size = source.stat().st_size
    with source.open("rb") as content:
        tar.addfile(info, content)


def descriptor(media_type: str, blob_digest: str, size: int) -> dict[str, Any]:
    """An OCI content descriptor, which refers to a blob."""
    return {"mediaType": media_type, "digest": blob_digest, "size": size}


def blob_path(blob_digest: str) -> str:
    """The path of a blob in an image layout."""
    return f"blobs/{blob_digest.replace(':', '/')}"


def encode(document: dict[str, Any]) -> bytes:
    """JSON whose bytes depend on the content only."""
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def digest(content: bytes) -> str:
    """The digest in OCI's notation."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
