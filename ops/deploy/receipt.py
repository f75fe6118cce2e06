"""The receipts of deploys, kept in the cluster: one ConfigMap an app, one entry a deploy."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from datetime import UTC, datetime

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

    started: str
    finished: str
    operator: str
    commit: str
    image: str
    outcome: str
    reason: str = ""


def now() -> str:
    """The present moment, as RFC 3339 in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def name_of(app: App) -> str:
    """The ConfigMap of the app's receipts."""
    return f"{app.name}-deploys"


def keep(cluster: Cluster, app: App, receipt: Receipt) -> None:
    """Add a receipt to those in the cluster."""
    for attempt in range(ATTEMPTS):
        try:
            _write(cluster, app, receipt)
        except ConflictError:
            if attempt + 1 == ATTEMPTS:
                raise
        else:
            return


def _write(cluster: Cluster, app: App, receipt: Receipt) -> None:
    found = cluster.get(ConfigMap, name_of(app), app.namespace)
    entries = dict(found.data) if found else {}
    entries[receipt.started.replace(":", "-")] = json.dumps(dataclasses.asdict(receipt))
    document = _config_map(app, dict(sorted(entries.items())[-KEPT:]))
    if found:
        document["metadata"]["resourceVersion"] = found.metadata.resource_version
        cluster.replace(document)
    else:
        cluster.create(document)


def _config_map(app: App, entries: dict[str, str]) -> Document:
    entry = kinds.by_model(ConfigMap)
    labels = {NAME: app.name, COMPONENT: "receipts", MANAGED_BY: "railiance-ops"}
    return {
        "apiVersion": entry.api_version,
        "kind": entry.kind,
        "metadata": {"name": name_of(app), "namespace": app.namespace, "labels": labels},
        "data": entries,
    }
