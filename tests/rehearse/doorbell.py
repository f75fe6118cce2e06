"""Rings at the site all the time, with no certificate asked for: is anybody in already?"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx2

from tests.rehearse.meanwhile import Meanwhile

if TYPE_CHECKING:
    import threading

    from ops.smoke.place import Place

PAUSE_SECONDS = 0.2
TIMEOUT_SECONDS = 2.0


@dataclass(frozen=True)
class Ring:
    """One answer."""

    at: float
    """By the clock, for it is compared with what the cluster writes down."""
    scheme: str
    status: int
    """0 if nobody answered."""


@dataclass
class Doorbell(Meanwhile):
    """Asks for a page over HTTP and HTTPS in turns, whoever answers."""

    place: Place
    path: str
    rings: list[Ring] = field(default_factory=list)

    def go_on(self, over: threading.Event) -> None:
        """Ring, and ring again."""
        # Who answers, and with which certificate, is not asked: only whether.
        with httpx2.Client(verify=False, timeout=TIMEOUT_SECONDS, trust_env=False) as client:
            while not over.wait(PAUSE_SECONDS):
                for scheme in ("http", "https"):
                    self.rings.append(Ring(time.time(), scheme, self._status(client, scheme)))

    def _status(self, client: httpx2.Client, scheme: str) -> int:
        port = self.place.https_port if scheme == "https" else self.place.http_port
        try:
            return client.get(
                f"{scheme}://{self.place.target}:{port}{self.path}",
                headers={"Host": self.place.host},
                extensions={"sni_hostname": self.place.host},
            ).status_code
        except httpx2.HTTPError:
            return 0
