"""Chooses the ports of a local cluster.

They are below the kernel's range of ephemeral ports. Otherwise a client that keeps
connecting to a killed component could get that component's port as its own, and the
component could not start again.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from box.errors import BoxError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

LOOPBACK = "127.0.0.1"
FIRST, LAST = 20000, 32000


def choose(names: Sequence[str], *, reserved: Collection[int]) -> dict[str, int]:
    """Give each name a port that is free now and not reserved by another local cluster."""
    candidates = (port for port in range(FIRST, LAST) if port not in reserved and is_free(port))
    ports = dict(zip(names, candidates, strict=False))
    if len(ports) < len(names):
        raise BoxError(
            f"no free ports between {FIRST} and {LAST}", "make box-down for unused local clusters"
        )
    return ports


def is_free(port: int) -> bool:
    """Whether a process could listen on this port now, on any address."""
    with socket.socket() as probe:
        # As Go servers do: lingering connections do not make a port unavailable.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            # Argo CD listens on all addresses; with a real node the API server has its own address.
            probe.bind(("", port))
        except OSError:
            return False
    return True
