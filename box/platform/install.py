"""Brings up all of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from box.errors import BoxError
from box.images import platform as images
from box.images import table
from box.images.push import Registry
from box.platform import cert_manager, cloudnative_pg, names, traefik
from box.platform.acme import Pebble

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from box.lifecycle import Box


class NodeMissingError(BoxError):
    """A played node runs no containers."""

    def __init__(self, name: str) -> None:
        super().__init__(f"box {name!r} has no real node", f"make box-up BOX={name} NODE=real")


@dataclass(frozen=True)
class Platform:
    """What a rehearsal needs to know of it."""

    passwords: dict[str, str] = field(repr=False)
    """Of each role of apps-pg."""
    images: dict[str, str]
    """Each image by repository and tag, with its digest."""
    acme_root: Path
    """What every certificate leads to."""


def install(box: Box, roles: Sequence[str], hosts: Sequence[str]) -> Platform:
    """Put the whole platform onto a box with a real node, with these roles and public names.

    As often as need be: what is there stays, with the passwords that its roles have.
    """
    network = box.network
    if network is None:
        raise NodeMissingError(box.name)
    provide_images(box)
    made = table.references()
    names.lead_to(network.node, box.kubeconfig, hosts)
    with box.progress.step("installing CloudNativePG"):
        cloudnative_pg.install_operator(box.kubeconfig, image(made, images.MANAGER))
    with box.progress.step("installing Traefik"):
        traefik.install(box.kubeconfig, image(made, images.TRAEFIK), network.node)
    with box.progress.step("installing cert-manager and its issuer"):
        pebble = Pebble(box.folder, box.plan.authority, network)
        pebble.start()
        cert_manager.install(box.kubeconfig, made)
        cert_manager.install_issuer(
            box.kubeconfig, pebble.directory, box.plan.authority.pair.certificate
        )
    passwords = {role: cloudnative_pg.password_of(box.kubeconfig, role) for role in roles}
    with box.progress.step("installing the cluster apps-pg"):
        cloudnative_pg.install_cluster(box.kubeconfig, passwords, image(made, images.POSTGRES))
    return Platform(passwords, made, pebble.root)


def provide_images(box: Box) -> None:
    """The platform's images onto the node; the app's into its registry, from which they come."""
    table.make_all(box.progress)
    with box.progress.step("importing the platform's images"):
        for recipe in table.PLATFORM:
            box.import_archive(recipe.archive)
    box.serve_host(table.APP.partition("/")[0])
    with box.progress.step("pushing the app's images"):
        registry = Registry(box.node.proxy, box.plan.authority.pair.certificate)
        registry.push(table.STANDIN.archive)


def image(made: dict[str, str], repository: str) -> str:
    """The one image of a repository, with its digest: an image that changes rolls its pods."""
    return next(each for name, each in made.items() if name.startswith(f"{repository}:"))
