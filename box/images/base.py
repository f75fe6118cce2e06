"""The base layer of images that need more than one static program: a minimal Debian."""

from __future__ import annotations

from typing import TYPE_CHECKING

from box.images.layer import Layer

if TYPE_CHECKING:
    from box.images.archive import Blob
    from box.images.workshop import Workshop

# Debian's packages still contain these top-level folders; its installer links them into /usr.
MERGED = ("bin", "lib", "lib64", "sbin")
EXCLUDED = frozenset({"doc", "man", "lintian", "info", "bug"})
ROOT = "root:x:0:0:root:/root:/bin/sh\n"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def base(workshop: Workshop) -> Blob:
    """libc, a shell, coreutils and time zones; no maintainer script has run."""
    unpacked = Layer()
    unpacked.tree(workshop.debian(), "", without=EXCLUDED)
    layer = Layer({merged(path): entry for path, entry in unpacked.entries.items()})
    for name in MERGED:
        layer.link(name, f"usr/{name}")
    layer.folder("tmp", mode=0o1777)
    layer.text("etc/passwd", ROOT)
    layer.text("etc/group", "root:x:0:\n")
    layer.text("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n")
    return workshop.write("base", layer)


def merged(path: str) -> str:
    """The path after /bin and similar folders have become links into /usr."""
    top = path.split("/", 1)[0]
    return f"usr/{path}" if top in MERGED else path


def user(layer: Layer, name: str, number: int, home: str) -> None:
    """Add a user, with a group of the same name and ID."""
    layer.text("etc/passwd", f"{ROOT}{name}:x:{number}:{number}::{home}:/bin/sh\n")
    layer.text("etc/group", f"root:x:0:\n{name}:x:{number}:\n")
