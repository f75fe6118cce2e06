"""The node's address: a link between the machine and the node's own network.

Processes of the machine reach the node, its pods and the Services by plain
routes, and pods reach the API server at the machine's end of the link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.command import Command

if TYPE_CHECKING:
    from box.node.namespace import Namespace

LINK = "box-node"
HOST_ADDRESS = "10.41.0.1"
NODE_ADDRESS = "10.41.0.2"
# Of k3s; a box has one node, so that has the first of its networks.
POD_NETWORK = "10.42.0.0/24"
SERVICE_NETWORK = "10.43.0.0/16"
KUBERNETES_SERVICE = "10.43.0.1"
DNS_SERVICE = "10.43.0.10"
# What the certificate of the box's servers names.
ADDRESSES = (HOST_ADDRESS, NODE_ADDRESS, KUBERNETES_SERVICE)
LENGTH = 30
MEND = "install iproute2"


def connect(namespace: Namespace) -> None:
    """Lay the link and set the addresses and routes; does nothing where they are."""
    if not is_laid():
        peer = ("peer", "name", "eth0", "netns", str(namespace.holder.pid))
        ip("link", "add", LINK, "type", "veth", *peer)
    ip("address", "replace", f"{HOST_ADDRESS}/{LENGTH}", "dev", LINK)
    ip("link", "set", LINK, "up")
    for network in (POD_NETWORK, SERVICE_NETWORK):
        ip("route", "replace", network, "via", NODE_ADDRESS)
    inside = namespace.enter()
    ip("address", "replace", f"{NODE_ADDRESS}/{LENGTH}", "dev", "eth0", within=inside)
    ip("link", "set", "eth0", "up", within=inside)
    ip("route", "replace", "default", "via", HOST_ADDRESS, within=inside)


def disconnect() -> None:
    """Take the link away, and with it its addresses and routes."""
    if is_laid():
        ip("link", "delete", LINK)


def is_laid() -> bool:
    """Whether the link is there."""
    return f" {LINK}@" in ip("link", "show", "type", "veth")


def ip(*arguments: str, within: tuple[str, ...] = ()) -> str:
    """What ip prints."""
    return Command([*within, "ip", *arguments], MEND).run()
