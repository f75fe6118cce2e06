"""The Secrets that pods and the role need; their values are not looked at but for being there."""

from __future__ import annotations

from ops.preflight.subject import Subject
from ops.results.result import Result, failed, ok
from ops.secrets.present import missing


def complete(subject: Subject) -> Result:
    """Whether every key is there, with a value, that the workloads or the role refer to."""
    lacking = missing(subject.cluster, subject.app)
    if lacking:
        named = (f"Secret {name} has no {', '.join(keys)}" for name, keys in lacking.items())
        return failed("; ".join(named), f"`ops secrets apply --app {subject.app.name}`")
    names = ", ".join(subject.app.secret_keys) or "none"
    return ok(f"every key that the workloads need is there: Secret {names}")
