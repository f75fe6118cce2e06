"""The log of a container, as it comes.

lightkube has no access to the log of the container before a restart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2

from ops.cluster.failures import failure
from ops.kinds.pod import Pod


@dataclass(frozen=True, kw_only=True)
class LogRequest:
    """Which part of a pod's log is read."""

    container: str | None = None
    """Needed for an init container, and for a pod with several containers."""
    follow: bool = False
    """Go on until the container ends."""
    previous: bool = False
    """The log of the container before its last restart."""
    tail_lines: int | None = None
    since_seconds: int | None = None

    def lines(self, http: httpx2.Client, pod: Pod) -> Iterator[str]:
        """The lines, each with its end; an answer that is no success is raised."""
        path = f"/api/v1/namespaces/{pod.namespace}/pods/{pod.name}/log"
        with http.stream("GET", path, params=self._parameters) as response:
            if not response.is_success:
                response.read()
                raise failure(response)
            rest = b""
            for part in response.iter_bytes():
                *whole, rest = (rest + part).split(b"\n")
                yield from (f"{line.decode(errors='replace')}\n" for line in whole)
            if rest:
                yield rest.decode(errors="replace")

    @property
    def _parameters(self) -> dict[str, Any]:
        asked = {
            "container": self.container,
            "follow": self.follow or None,
            "previous": self.previous or None,
            "tailLines": self.tail_lines,
            "sinceSeconds": self.since_seconds,
        }
        return {name: value for name, value in asked.items() if value is not None}
