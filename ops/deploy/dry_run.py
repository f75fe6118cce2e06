"""What a deploy would change, as the API server's own dry run shows it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

import yaml

from ops import kinds
from ops.cluster.client import ARGOCD_FIELD_MANAGER, Cluster
from ops.documents.fleet import App
from ops.documents.tracking import TRACKING
from ops.kinds.job import Job
from ops.kinds.namespace import Namespace

LEFT_OUT = ("creationTimestamp", "generation", "managedFields", "resourceVersion", "uid")
"""Metadata that changes with every write."""


def differences(cluster: Cluster, app: App) -> Iterator[str]:
    """For each document what would be created or changed, as lines of a unified diff.

    Nothing is written. No Secret is rendered, so none is shown; a value that was put into
    another document by hand may be, beside what changes.
    """
    has_namespace = cluster.get(Namespace, app.namespace) is not None
    for manifest in app.documents:
        namespace = manifest.namespace or None
        before = cluster.live(manifest)
        if before is None:
            yield f"{manifest}: would be created"
            if namespace == app.namespace and not has_namespace:
                continue  # the server can try it out only once its namespace is there
        elif manifest.entry is kinds.by_model(Job):
            yield f"{manifest}: would run again"
            continue
        after = cluster.apply(manifest.content, dry_run=True, field_manager=ARGOCD_FIELD_MANAGER)
        if before is not None:
            yield from _difference(str(manifest), before.content, after)


def _difference(title: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    old, new = (yaml.safe_dump(_shown(document)).splitlines() for document in (before, after))
    lines = list(difflib.unified_diff(old, new, "on the cluster", "in dist/", lineterm="", n=2))
    if lines:
        yield f"{title}: would change"
        yield from lines


def _shown(document: dict[str, Any]) -> dict[str, Any]:
    metadata = {k: v for k, v in document["metadata"].items() if k not in LEFT_OUT}
    annotations = metadata.get("annotations", {})
    metadata["annotations"] = {k: v for k, v in annotations.items() if k != TRACKING}
    return {**{k: v for k, v in document.items() if k != "status"}, "metadata": metadata}
