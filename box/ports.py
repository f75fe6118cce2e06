"""Which ports a box listens on.

They lie below the range that the kernel gives to outgoing connections: a
client that keeps dialling a component that was killed could otherwise be given
that component's port as its own, and the component could not come back.
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
    """Give each name a port that is free now and not reserved by another box."""
    candidates = (port for port in range(FIRST, LAST) if port not in reserved and is_free(port))
    ports = dict(zip(names, candidates, strict=False))
    if len(ports) < len(names):
        raise BoxError(
            f"no free ports between {FIRST} and {LAST}", "make box-down for boxes not in use"
        )
    return ports


def is_free(port: int) -> bool:
    """Whether a process could listen on this port now, on whatever address."""
    with socket.socket() as probe:
        # As the Go servers do: a port whose old connections linger is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            # Argo CD listens on all addresses, the API server of a real node on one of its own.
            probe.bind(("", port))
        except OSError:
            return False
    return True
