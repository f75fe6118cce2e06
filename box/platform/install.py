"""Installs the whole platform."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from box.errors import BoxError
from box.images import platform as images
from box.images import table
from box.images.push import Registry
from box.platform import cert_manager, cloudnative_pg, names, object_store, traefik
from box.platform.acme import Pebble

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from box.lifecycle import Box


class NodeMissingError(BoxError):
    """The simulated node of control-plane mode runs no containers."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"local cluster {name!r} has no real node", f"make box-up BOX={name} NODE=real"
        )


@dataclass(frozen=True)
class Platform:
    """What a rehearsal needs to know about the platform."""

    passwords: dict[str, str] = field(repr=False)
    """The password of each role of apps-pg."""
    images: dict[str, str]
    """Each image by repository and tag, with its reference by digest."""
    acme_root: Path
    """The root certificate of all issued certificates."""


def install(box: Box, roles: Sequence[str], hosts: Sequence[str]) -> Platform:
    """Install the whole platform on a real node, with these roles and public host names.

    Repeatable: existing objects stay, and existing roles keep their passwords.
    """
    network = box.network
    if network is None:
        raise NodeMissingError(box.name)
    provide_images(box)
    made = table.references()
    addresses = dict.fromkeys(hosts, network.node) | {object_store.HOST: network.host}
    names.resolve(box.kubeconfig, addresses)
    with box.progress.step("installing CloudNativePG"):
        cloudnative_pg.install_operator(box.kubeconfig, image(made, images.MANAGER))
    with box.progress.step("installing Traefik"):
        traefik.install(box.kubeconfig, image(made, images.TRAEFIK), network.node)
    with box.progress.step("installing cert-manager and its issuer"):
        pebble = Pebble(box.folder, box.layout.authority, network)
        pebble.start()
        cert_manager.install(box.kubeconfig, made)
        cert_manager.install_issuer(
            box.kubeconfig, pebble.directory, box.layout.authority.pair.certificate
        )
    passwords = {role: cloudnative_pg.password_of(box.kubeconfig, role) for role in roles}
    with box.progress.step("installing the Cluster apps-pg"):
        cloudnative_pg.install_cluster(box.kubeconfig, passwords, image(made, images.POSTGRES))
    return Platform(passwords, made, pebble.root)


def provide_images(box: Box) -> None:
    """Import the platform's images on the node; push the others to the registry of their names."""
    table.make_all(box.progress)
    with box.progress.step("importing the platform's images"):
        for recipe in table.PLATFORM:
            box.import_archive(recipe.archive)
    box.serve_host(table.APP.partition("/")[0])
    with box.progress.step("pushing the images that are pulled"):
        push(box, [recipe.archive for recipe in table.PULLED])


def push(box: Box, archives: Sequence[Path]) -> None:
    """Push images to the registry of their names."""
    registry = Registry(box.node.proxy, box.layout.authority.pair.certificate)
    for archive in archives:
        registry.push(archive)


def image(made: dict[str, str], repository: str) -> str:
    """The image of a repository, with its digest, so that a changed image rolls its pods."""
    return next(each for name, each in made.items() if name.startswith(f"{repository}:"))
