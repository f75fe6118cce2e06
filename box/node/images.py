"""The images that a node needs itself, and how any image gets onto it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from box import debian, programs
from box.images import archive
from box.images.layer import Layer
from ops.command import Command

if TYPE_CHECKING:
    from pathlib import Path

    from box.node.namespace import Namespace

FOLDER = programs.TOOLS / "images"
REGISTRY = "box.railiance.internal"
PAUSE = f"{REGISTRY}/pause:1"
PROGRAMS = ("pause", "coredns", "local-path-provisioner")
# What local-path-provisioner calls in the pod that makes a volume's folder.
APPLETS = ("sh", "mkdir", "rm", "chmod")
IMPORT_TIMEOUT_SECONDS = 300.0
NAMESPACE = "--namespace=k8s.io"


def own(packages: Path) -> Path:
    """The archive of the node's own images, written anew when a program in them was."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    file, stamp = FOLDER / "node.tar", FOLDER / ".node.sha256"
    digest = digest_of_programs()
    if not file.exists() or not stamp.exists() or stamp.read_text() != digest:
        stamp.unlink(missing_ok=True)
        write(file, packages)
        stamp.write_text(digest)
    return file


def digest_of_programs() -> str:
    """A hash of what decides the images."""
    parts = [programs.digest_of(p) for p in programs.PROGRAMS if p.names[0] in PROGRAMS]
    parts.append(debian.read_lock()["node"].digest)
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def write(file: Path, packages: Path) -> None:
    """Write the images: each a program and nothing else, but for busybox with its names."""
    layers = {name: Layer() for name in PROGRAMS}
    for name, layer in layers.items():
        layer.file(name, programs.path(name))
    busybox = Layer()
    busybox.file("bin/busybox", packages / "bin" / "busybox")
    for applet in APPLETS:
        busybox.link(f"bin/{applet}", "busybox")
    blobs = {name: blob(name, layer) for name, layer in (layers | {"busybox": busybox}).items()}
    images = [
        archive.Image(
            repository=f"{REGISTRY}/{name}", tag="1", layers=[each], entrypoint=[f"/{name}"]
        )
        for name, each in blobs.items()
    ]
    archive.write(file, images)
    for each in blobs.values():
        each.file.unlink()


def blob(name: str, layer: Layer) -> archive.Blob:
    """A layer as a file, until the archive holds it."""
    file = FOLDER / f"node-{name}.layer"
    return archive.Blob(file, layer.write(file))


def import_archive(namespace: Namespace, packages: Path, file: Path) -> None:
    """Put every image of an archive onto the node; the pull policy must then be IfNotPresent."""
    present = set(ctr(namespace, packages, "list", "--quiet").split())
    if not {without_tag(each) for each in archive.references(file).values()} <= present:
        ctr(namespace, packages, "import", str(file))


def without_tag(reference: str) -> str:
    """Repository and digest alone, the name under which an image never changes."""
    name, digest = reference.split("@")
    return f"{name.rpartition(':')[0]}@{digest}"


def ctr(namespace: Namespace, packages: Path, *arguments: str) -> str:
    """What containerd's own client says of images."""
    client = [*namespace.enter(), str(packages / "usr/bin/ctr"), NAMESPACE, "images", *arguments]
    return Command(client, "make box-up", timeout_seconds=IMPORT_TIMEOUT_SECONDS).run()
