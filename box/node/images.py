"""The images that a node needs itself, and how any image gets onto it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from box import debian, programs
from box.folder import locked
from box.images import archive, layer
from box.images.layer import Layer
from ops.command import Command

if TYPE_CHECKING:
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
    with locked(FOLDER):
        digest = digest_of_inputs()
        if not file.exists() or not stamp.exists() or stamp.read_text() != digest:
            stamp.unlink(missing_ok=True)
            write(file, packages)
            stamp.write_text(digest)
    return file


def digest_of_inputs() -> str:
    """A hash of what decides the images: the programs in them, and the code that writes them."""
    parts = [programs.digest_of(p) for p in programs.PROGRAMS if p.names[0] in PROGRAMS]
    parts.append(debian.read_lock()["node"].digest)
    parts += [Path(code).read_text() for code in (__file__, archive.__file__, layer.__file__)]
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def write(file: Path, packages: Path) -> None:
    """Write the images: each a program and nothing else, but for busybox with its names."""
    layers = {name: Layer() for name in PROGRAMS}
    for name, content in layers.items():
        content.file(name, programs.path(name))
    busybox = Layer()
    busybox.file("bin/busybox", packages / "bin" / "busybox")
    for applet in APPLETS:
        busybox.link(f"bin/{applet}", "busybox")
    blobs = {name: blob(name, each) for name, each in (layers | {"busybox": busybox}).items()}
    images = [
        archive.Image(
            repository=f"{REGISTRY}/{name}", tag="1", layers=[each], entrypoint=[f"/{name}"]
        )
        for name, each in blobs.items()
    ]
    archive.write(file, images)
    for written in blobs.values():
        written.file.unlink()


def blob(name: str, content: Layer) -> archive.Blob:
    """A layer as a file, until the archive holds it."""
    file = FOLDER / f"node-{name}.layer"
    return archive.Blob(file, content.write(file))


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
