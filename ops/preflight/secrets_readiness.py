"""The Secrets that the workloads need; their values are not looked at but for being there."""

from __future__ import annotations

from ops.preflight.subject import Subject
from ops.results.result import Result, failed, ok
from ops.secrets.present import missing


def complete(subject: Subject) -> Result:
    """Whether the app's namespace has every key that the workloads refer to, with a value."""
    lacking = missing(subject.cluster, subject.app)
    if lacking:
        named = (f"{name}/{key}" for name, keys in lacking.items() for key in keys)
        text = f"{subject.app.namespace} has no {', '.join(named)}"
        return failed(text, f"`ops secrets apply --app {subject.app.name}`")
    names = ", ".join(subject.app.secret_keys) or "none"
    return ok(f"every key that the workloads need is there: Secret {names}")
