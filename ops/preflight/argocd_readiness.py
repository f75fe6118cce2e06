"""Argo CD: that it knows the app, and reads it from where it is committed."""

from __future__ import annotations

from ops.cluster.foreign_marks import foreign_marks
from ops.documents.manifest import Manifest
from ops.kinds.application import Application, Source
from ops.preflight.subject import Subject
from ops.results.result import Result, failed, ok


def root(subject: Subject) -> Result:
    """Whether the root Application is there, as it is rendered; a deploy makes one, once."""
    fix = f"`kubectl apply --server-side -f {subject.root.file}`"
    return _application(subject, subject.root, fix)


def application(subject: Subject) -> Result:
    """Whether the app's Application is there, as it is rendered."""
    fix = f"push {subject.app.application.file}; the root Application creates it"
    return _application(subject, subject.app.application, fix)


def owner(subject: Subject) -> Result:
    """Whether no object that the app renders is another Application's."""
    found = list(foreign_marks(subject.cluster, subject.app))
    if found:
        return failed(
            "; ".join(mark.problem for mark in found), "; ".join(mark.fix for mark in found)
        )
    return ok("what the app keeps is its own, or nobody's yet")


def _application(subject: Subject, manifest: Manifest, fix: str) -> Result:
    found = subject.cluster.get(Application, manifest.name, manifest.namespace)
    if found is None:
        return failed(f"there is no {manifest}", fix, fixed_by_deploy=True)
    wanted, source = manifest.typed(Application).spec.source or Source(), found.spec.source
    for field, value in _place(wanted).items():
        there = _place(source or Source())[field]
        if there != value:
            return failed(f"{manifest} has {field} {there or 'nothing'}, not {value}", fix)
    if complaints := _complaints(found):
        return failed(f"{manifest}: {complaints}", "fix what Argo CD reports, then refresh it")
    return ok(f"{manifest} reads {wanted.path} at {wanted.target_revision}")


def _place(source: Source) -> dict[str, str]:
    """Where an Application reads, by the names of the fields."""
    return {
        "repoURL": source.repo_url,
        "targetRevision": source.target_revision,
        "path": source.path,
    }


def _complaints(application: Application) -> str:
    """What keeps Argo CD from comparing or syncing; warnings are not that."""
    found = [one for one in application.status.conditions if one.type.endswith("Error")]
    return "; ".join(f"{one.type}: {one.message}" for one in found)
