"""The receipts of deploys and of commands, kept in the cluster: one ConfigMap an app for each."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from ops import kinds
from ops.cluster.client import Cluster
from ops.documents.fleet import App
from ops.errors import ConflictError
from ops.kinds.config_map import ConfigMap
from ops.objects.base import Document
from railiance.annotations import COMPONENT, MANAGED_BY, NAME

KEPT = 20
"""How many receipts are kept; the oldest go first."""
ATTEMPTS = 3


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Who deployed what, when, and how it ended."""

    kept_in: ClassVar[str] = "deploys"

    started: str
    finished: str
    operator: str
    commit: str
    image: str
    outcome: str
    reason: str = ""

    @property
    def key(self) -> str:
        """Its entry; the lock keeps two deploys from beginning at the same time."""
        return self.started.replace(":", "-")


@dataclass(frozen=True, kw_only=True)
class CommandReceipt:
    """Who ran which command in the app's pods, when, and how it ended."""

    kept_in: ClassVar[str] = "commands"

    id: str
    """Distinguishes it from another that began in the same second."""
    started: str
    operator: str
    command: str
    """As it was given, without what looks secret."""
    where: str = ""
    """The Job or the pod that ran it."""
    finished: str = ""
    """Empty while it runs, and for ever if the operator's machine died meanwhile."""
    outcome: str = "in progress"
    reason: str = ""

    @property
    def key(self) -> str:
        """Its entry, the same at its beginning and at its end."""
        return f"{self.started.replace(':', '-')}-{self.id}"


def now() -> str:
    """The present moment, as RFC 3339 in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def name_of(app: App, receipts: type[Receipt | CommandReceipt] = Receipt) -> str:
    """The ConfigMap of the app's receipts."""
    return f"{app.name}-{receipts.kept_in}"


def keep(cluster: Cluster, app: App, receipt: Receipt | CommandReceipt) -> None:
    """Add a receipt to those in the cluster, or replace it there."""
    for attempt in range(ATTEMPTS):
        try:
            _write(cluster, app, receipt)
        except ConflictError:
            if attempt + 1 == ATTEMPTS:
                raise
        else:
            return


def _write(cluster: Cluster, app: App, receipt: Receipt | CommandReceipt) -> None:
    name = name_of(app, type(receipt))
    found = cluster.get(ConfigMap, name, app.namespace)
    entries = dict(found.data) if found else {}
    entries[receipt.key] = json.dumps(dataclasses.asdict(receipt))
    document = _config_map(app, name, dict(sorted(entries.items())[-KEPT:]))
    if found:
        document["metadata"]["resourceVersion"] = found.metadata.resource_version
        cluster.replace(document)
    else:
        cluster.create(document)


def _config_map(app: App, name: str, entries: dict[str, str]) -> Document:
    entry = kinds.by_model(ConfigMap)
    labels = {NAME: app.name, COMPONENT: "receipts", MANAGED_BY: "railiance-ops"}
    return {
        "apiVersion": entry.api_version,
        "kind": entry.kind,
        "metadata": {"name": name, "namespace": app.namespace, "labels": labels},
        "data": entries,
    }
