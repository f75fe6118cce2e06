"""The operators that railiance01 has and a box has not, played by writing what they write.

Each actor does once, when told, what its operator does by itself: so a
rehearsal can hold a sync at the very moment before. :func:`acting` lets them
act all the time instead.
"""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

import httpx2
from lightkube import ApiError

from box.played import controllers
from box.played.controllers import Actor, CertManager, CloudNativePG, healthy, issued
from tests import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.cluster import Cluster

__all__ = [
    "PUBLIC_ADDRESS",
    "Actor",
    "CertManager",
    "CloudNativePG",
    "Impatience",
    "Traefik",
    "acting",
    "healthy",
    "issued",
]
INTERVAL_SECONDS = 0.2
PUBLIC_ADDRESS = frozen.RAILIANCE01.public_address


class Traefik(controllers.Traefik):
    """Publishes every Ingress at the cluster's address."""

    def __init__(self, cluster: Cluster) -> None:
        super().__init__(cluster, PUBLIC_ADDRESS)


class Impatience:
    """Gives no Job a second try, where four of them take Kubernetes more than a minute."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def act(self) -> None:
        """Let each Job end with its first failure."""
        for job in self.cluster.all("Job"):
            if job["spec"]["backoffLimit"]:
                self.cluster.patch(job, {"spec": {"backoffLimit": 0}})


@contextlib.contextmanager
def acting(*actors: Actor) -> Iterator[None]:
    """Let the actors act all the time, also while the API server is away."""
    stopped = threading.Event()

    def act_until_stopped() -> None:
        while not stopped.wait(INTERVAL_SECONDS):
            for actor in actors:
                # Deleted or changed meanwhile, or nobody there: the next round sees.
                with contextlib.suppress(ApiError, httpx2.TransportError):
                    actor.act()

    thread = threading.Thread(target=act_until_stopped, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
