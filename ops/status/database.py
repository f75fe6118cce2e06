"""The app's database, and the role that owns it."""

from __future__ import annotations

from ops.cluster.reported import role_problem, status_of
from ops.rendered import App
from ops.status.item import Item, Verdict
from ops.status.live import Live


def database(app: App, live: Live) -> Item:
    """Whether CloudNativePG has applied the Database, as it is now."""
    manifest = app.one("Database")
    document = live.of(manifest)
    if document is None:
        return Item("database", Verdict.WRONG, f"there is no {manifest}")
    status, name = status_of(document), manifest.spec["name"]
    current = status.get("observedGeneration") == document["metadata"].get("generation")
    applied = status.get("applied")
    facts = {"applied": applied, "message": status.get("message")}
    if applied is None or not current:
        text = f"{name}: CloudNativePG has not said whether it is applied"
        return Item("database", Verdict.UNKNOWN, text, facts=facts)
    if not applied:
        text = f"{name} is not applied: {status.get('message', 'no reason is given')}"
        return Item("database", Verdict.WRONG, text, facts=facts)
    return Item("database", Verdict.OK, f"{name} is applied", facts=facts)


def role(app: App, live: Live) -> Item:
    """Whether CloudNativePG has made the role as the platform wants it."""
    name, postgres = str(app.one("Database").spec["owner"]), live.postgres.result()
    if postgres is None:
        text = f"there is no PostgreSQL cluster {app.platform['postgres-cluster']}"
        return Item("role", Verdict.WRONG, text)
    problem = role_problem(postgres, name)
    return Item(
        "role", Verdict.WRONG if problem else Verdict.OK, problem or f"{name} is reconciled"
    )
