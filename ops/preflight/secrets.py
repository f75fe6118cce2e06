"""The Secrets that the workloads need; their values are not looked at but for being there."""

from __future__ import annotations

from ops.preflight.answer import Answer, Subject, failed, ok


def complete(subject: Subject) -> Answer:
    """Whether the app's namespace has every key that the workloads refer to, with a value."""
    missing = []
    for name, keys in subject.app.secret_keys.items():
        found = subject.cluster.get("Secret", name, subject.app.namespace)
        there = {key for key, value in ((found or {}).get("data") or {}).items() if value}
        missing += [f"{name}/{key}" for key in keys if key not in there]
    if missing:
        text = f"{subject.app.namespace} has no {', '.join(missing)}"
        return failed(text, f"`ops secrets apply --app {subject.app.name}`")
    names = ", ".join(subject.app.secret_keys) or "none"
    return ok(f"every key that the workloads need is there: Secret {names}")
