"""Argo CD: that it knows the app, and reads it from where it is committed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ops.cluster.reported import status_of
from ops.manifests import Manifest
from ops.preflight.answer import Answer, Subject, failed, ok

SOURCE = ("repoURL", "targetRevision", "path")


def root(subject: Subject) -> Answer:
    """Whether the root Application is there, as it is rendered; a deploy makes one, once."""
    mend = f"`kubectl apply --server-side -f {subject.root.file}`"
    return _application(subject, subject.root, mend)


def application(subject: Subject) -> Answer:
    """Whether the app's Application is there, as it is rendered."""
    mend = f"push {subject.app.application.file}; the root Application makes it, if Argo CD can"
    return _application(subject, subject.app.application, mend)


def _application(subject: Subject, manifest: Manifest, mend: str) -> Answer:
    found = subject.cluster.get(manifest.kind, manifest.name, manifest.namespace)
    if found is None:
        return failed(f"there is no {manifest}", mend, brought=True)
    wanted, source = manifest.spec["source"], found["spec"].get("source") or {}
    for field in SOURCE:
        if source.get(field) != wanted[field]:
            text = f"{manifest} has {field} {source.get(field)}, not {wanted[field]}"
            return failed(text, mend)
    if complaints := _complaints(status_of(found)):
        return failed(f"{manifest}: {complaints}", "what Argo CD says there, then a refresh")
    return ok(f"{manifest} reads {wanted['path']} at {wanted['targetRevision']}")


def _complaints(status: Mapping[str, Any]) -> str:
    """What keeps Argo CD from comparing or syncing; warnings are not that."""
    conditions = status.get("conditions") or []
    found = [one for one in conditions if str(one.get("type")).endswith("Error")]
    return "; ".join(f"{one['type']}: {one.get('message')}" for one in found)
