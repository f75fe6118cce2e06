"""The receipts of deploys, kept in the cluster: one ConfigMap an app, one entry a deploy."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from ops.cluster.door import Cluster
from ops.cluster.kinds import Document
from ops.errors import ConflictError
from ops.rendered import App

KEPT = 20
"""How many receipts are kept; the oldest go first."""
ATTEMPTS = 3


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Who brought what onto the cluster, when, and how it ended."""

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
    found = cluster.get("ConfigMap", name_of(app), app.namespace)
    entries = dict((found or {}).get("data") or {})
    entries[receipt.started.replace(":", "-")] = json.dumps(dataclasses.asdict(receipt))
    kept = dict(sorted(entries.items())[-KEPT:])
    if found:
        cluster.replace({**found, "data": kept})
    else:
        cluster.create(_config_map(app, kept))


def _config_map(app: App, entries: dict[str, str]) -> Document:
    labels = {
        "app.kubernetes.io/name": app.name,
        "app.kubernetes.io/component": "receipts",
        "app.kubernetes.io/managed-by": "railiance-ops",
    }
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name_of(app), "namespace": app.namespace, "labels": labels},
        "data": entries,
    }
