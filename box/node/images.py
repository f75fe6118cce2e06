"""The node's own images, and the import of any image."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from box import debian, programs
from box.folder import locked
from box.images import archive, layer
from box.images.layer import Layer
from ops.host.command import Command

if TYPE_CHECKING:
    from box.node.namespace import Namespace

FOLDER = programs.TOOLS / "images"
REGISTRY = "box.railiance.internal"
PAUSE = f"{REGISTRY}/pause:1"
PROGRAMS = ("pause", "coredns", "local-path-provisioner")
# Programs that local-path-provisioner calls in its helper pods.
APPLETS = ("sh", "mkdir", "rm", "chmod")
IMPORT_TIMEOUT_SECONDS = 300.0
NAMESPACE = "--namespace=k8s.io"


def own_archive(packages: Path) -> Path:
    """The archive of the node's own images, written again when one of its programs changes."""
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
    """A hash of the images' inputs: the programs in them, and the code that writes them."""
    parts = [programs.digest_of(p) for p in programs.PROGRAMS if p.names[0] in PROGRAMS]
    parts.append(debian.read_lock()["node"].digest)
    parts += [Path(code).read_text() for code in (__file__, archive.__file__, layer.__file__)]
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def write(file: Path, packages: Path) -> None:
    """Write the images: each contains one program only, except busybox with its links."""
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
    """A layer in a temporary file."""
    file = FOLDER / f"node-{name}.layer"
    return archive.Blob(file, content.write(file))


def import_archive(namespace: Namespace, packages: Path, file: Path) -> None:
    """Import every image of an archive on the node; pods must use the pull policy IfNotPresent."""
    present = set(ctr(namespace, packages, "list", "--quiet").split())
    if not {without_tag(each) for each in archive.references(file).values()} <= present:
        ctr(namespace, packages, "import", str(file))


def without_tag(reference: str) -> str:
    """The reference by repository and digest only, which always names the same image."""
    name, digest = reference.split("@")
    return f"{name.rpartition(':')[0]}@{digest}"


def ctr(namespace: Namespace, packages: Path, *arguments: str) -> str:
    """The output of containerd's client for an images command."""
    client = [*namespace.enter(), str(packages / "usr/bin/ctr"), NAMESPACE, "images", *arguments]
    return Command(client, "make box-up", timeout_seconds=IMPORT_TIMEOUT_SECONDS).run()
