"""What the API server was asked to write, from its own audit log."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from ops.objects.base import Document

Key = tuple[str, str, str, str]
"""Group, resource, namespace and name."""


@dataclass(frozen=True)
class Write:
    """One request that was granted."""

    at: datetime
    """When it was received."""
    verb: str
    agent: str
    key: Key
    subresource: str
    is_apply: bool
    """Whether it is a server-side apply."""
    body: Document
    """The object as it then was; of a status only."""


@dataclass
class AuditLog:
    """Follows the log of a box from where it stands."""

    file: Path
    position: int = 0

    def skip(self) -> None:
        """Leave out what was written until now."""
        self.position = self.file.stat().st_size

    def read(self) -> list[Write]:
        """What was written since, in the order in which the requests were received."""
        assert self.file.stat().st_size >= self.position, "the log began anew"
        with self.file.open("rb") as log:
            log.seek(self.position)
            lines = log.read().splitlines(keepends=True)
        if lines and not lines[-1].endswith(b"\n"):
            lines.pop()  # is being written
        self.position += sum(map(len, lines))
        found = (_write(json.loads(line)) for line in lines)
        return sorted((write for write in found if write), key=lambda write: write.at)


def _write(event: Document) -> Write | None:
    about = event.get("objectRef")
    is_granted = event.get("responseStatus", {}).get("code", 500) < 400
    if about is None or not is_granted or "dryRun=All" in event["requestURI"]:
        return None
    parts = ("apiGroup", "resource", "namespace", "name")
    group, resource, namespace, name = (about.get(part, "") for part in parts)
    return Write(
        at=datetime.fromisoformat(event["requestReceivedTimestamp"]),
        verb=event["verb"],
        agent=event.get("userAgent", ""),
        # Of a Namespace the log says that it lies in itself.
        key=(group, resource, "" if resource == "namespaces" else namespace, name),
        subresource=about.get("subresource", ""),
        is_apply="fieldManager=argocd-controller" in event["requestURI"],
        body=event.get("responseObject") or {},
    )


def resource_of(kind: str) -> str:
    """What the API calls a kind in its paths."""
    lower = kind.lower()
    if lower.endswith("y"):
        return f"{lower[:-1]}ies"
    return f"{lower}es" if lower.endswith("s") else f"{lower}s"
