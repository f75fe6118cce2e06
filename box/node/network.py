"""The node's addresses: a link between the machine and the node's network namespace.

Processes of the machine reach the node, its pods and the Services by routes, and
pods reach the API server at the machine's end of the link. k3s uses 10.42 for pods
and 10.43 for Services; each local cluster uses a subnet of both, so that several
real nodes run side by side.
"""

from __future__ import annotations

import ipaddress
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from box.errors import BoxError
from box.poll import until
from ops.errors import CommandError
from ops.host.command import Command

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from box.node.namespace import Namespace

COUNT = 256
GONE_WITHIN_SECONDS = 10.0
FIX = "install iproute2"


class NoNetworkError(BoxError):
    """Every subnet for a node is in use."""

    def __init__(self) -> None:
        super().__init__(
            "a real node needs a subnet of 10.41, 10.42 and 10.43 each, and this machine has "
            "routes to all of them",
            "make box-down for unused local clusters, or stop what uses them, such as k3s",
        )


@dataclass(frozen=True)
class Network:
    """The addresses of one node."""

    number: int

    @property
    def link(self) -> str:
        """The name of the machine's end of the link."""
        return f"box-node-{self.number}"

    @property
    def link_network(self) -> str:
        """The subnet of the link."""
        return f"10.41.{self.number}.0/30"

    @property
    def host(self) -> str:
        """The machine's address on the link."""
        return f"10.41.{self.number}.1"

    @property
    def node(self) -> str:
        """The node's address on the link."""
        return f"10.41.{self.number}.2"

    @property
    def pods(self) -> str:
        """The subnet of pods."""
        return f"10.42.{self.number}.0/24"

    @property
    def services(self) -> str:
        """The subnet of Services."""
        return f"10.43.{self.number}.0/24"

    @property
    def api_service(self) -> str:
        """The address of the Service ``kubernetes``, always the first of the subnet."""
        return f"10.43.{self.number}.1"

    @property
    def dns_service(self) -> str:
        """The address of the cluster DNS; k3s also uses the tenth of the subnet."""
        return f"10.43.{self.number}.10"

    def has(self, destination: ipaddress.IPv4Network) -> bool:
        """Whether a destination overlaps with any of these subnets."""
        ours = (self.link_network, self.pods, self.services)
        return any(ipaddress.IPv4Network(each).overlaps(destination) for each in ours)

    def is_free(self) -> bool:
        """Whether the machine has no route to any of these subnets."""
        return not any(self.has(route) for route in routes())

    def connect(self, namespace: Namespace) -> None:
        """Create the link, addresses and routes; does nothing if they exist."""
        inside = namespace.enter()
        if " eth0@" not in ip("link", "show", "type", "veth", within=inside):
            # The link of a node that has just ended disappears shortly after its namespace.
            until(
                lambda: not self.is_laid(), f"the old {self.link} is removed", GONE_WITHIN_SECONDS
            )
            peer = ("peer", "name", "eth0", "netns", str(namespace.holder.pid))
            ip("link", "add", self.link, "type", "veth", *peer)
        ip("address", "replace", f"{self.host}/30", "dev", self.link)
        ip("link", "set", self.link, "up")
        for destination in (self.pods, self.services):
            ip("route", "replace", destination, "via", self.node)
        ip("address", "replace", f"{self.node}/30", "dev", "eth0", within=inside)
        ip("link", "set", "eth0", "up", within=inside)
        ip("route", "replace", "default", "via", self.host, within=inside)

    def disconnect(self) -> None:
        """Delete the link, and with it its addresses and routes."""
        if self.is_laid():
            try:
                ip("link", "delete", self.link)
            except CommandError:  # already deleted, with the node's namespace
                if self.is_laid():
                    raise

    def is_laid(self) -> bool:
        """Whether the link exists."""
        return f" {self.link}@" in ip("link", "show", "type", "veth")


def choose(reserved: Collection[int]) -> Network:
    """Subnets that neither this machine nor another local cluster uses."""
    for number in range(COUNT):
        if number not in reserved and Network(number).is_free():
            return Network(number)
    raise NoNetworkError


def routes() -> Iterator[ipaddress.IPv4Network]:
    """The destinations of the machine's routes, except the default route."""
    for route in json.loads(ip("-json", "-4", "route", "show", "table", "all") or "[]"):
        if route["dst"] != "default":
            yield ipaddress.IPv4Network(route["dst"], strict=False)


def ip(*arguments: str, within: tuple[str, ...] = ()) -> str:
    """The output of ip."""
    return Command([*within, "ip", *arguments], FIX).run()
