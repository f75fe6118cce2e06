"""What a deploy would change, as the API server itself says by its dry run."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

import yaml

from ops.cluster.door import ARGOCD_FIELD_MANAGER, Cluster
from ops.rendered import App

UNTOLD = ("creationTimestamp", "generation", "managedFields", "resourceVersion", "uid")
"""Metadata that changes with every write and tells nothing."""
TRACKING = "argocd.argoproj.io/tracking-id"
"""The annotation by which Argo CD knows whose a document is; no document is rendered with it."""


def differences(cluster: Cluster, app: App) -> Iterator[str]:
    """For each document what would be created or changed, as lines of a unified diff.

    Nothing is written. No Secret is rendered, so none is shown; a value that somebody has put into
    another document by hand may be, beside what changes.
    """
    has_namespace = cluster.get("Namespace", app.namespace) is not None
    for manifest in app.documents:
        namespace = manifest.namespace or None
        before = cluster.live(manifest.content)
        if before is None:
            yield f"{manifest}: would be created"
            if namespace == app.namespace and not has_namespace:
                continue  # the server can try it out only once its namespace is there
        elif manifest.kind == "Job":
            yield f"{manifest}: would run again"
            continue
        after = cluster.apply(manifest.content, dry_run=True, field_manager=ARGOCD_FIELD_MANAGER)
        if before is not None:
            yield from _difference(str(manifest), before, after)


def _difference(title: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    old, new = (yaml.safe_dump(_told(document)).splitlines() for document in (before, after))
    lines = list(difflib.unified_diff(old, new, "on the cluster", "in dist/", lineterm="", n=2))
    if lines:
        yield f"{title}: would change"
        yield from lines


def _told(document: dict[str, Any]) -> dict[str, Any]:
    metadata = {k: v for k, v in document["metadata"].items() if k not in UNTOLD}
    annotations = metadata.get("annotations") or {}
    metadata["annotations"] = {k: v for k, v in annotations.items() if k != TRACKING}
    return {**{k: v for k, v in document.items() if k != "status"}, "metadata": metadata}
