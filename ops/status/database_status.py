"""The app's database, and the role that owns it."""

from __future__ import annotations

from ops.documents.fleet import App
from ops.documents.manifest import Manifest
from ops.kinds.cluster import Cluster
from ops.kinds.database import Database
from ops.kinds.database import health as health_of
from ops.kinds.database_role import DatabaseRole
from ops.kinds.database_role import health as health_of_role
from ops.kinds.description.health import State as Health
from ops.results.result import Result, State
from ops.status.absence import absent
from ops.status.reading import Live

_STATES = {
    Health.HEALTHY: State.OK,
    Health.PROGRESSING: State.UNKNOWN,
    Health.DEGRADED: State.FAILED,
}


def database(app: App, live: Live) -> Result:
    """Whether CloudNativePG has applied the Database, as it is now."""
    manifest = app.manifest(Database)
    found = live.typed(Database, manifest)
    if found is None:
        return absent("database", manifest, app, live)
    health, name = health_of(found), manifest.typed(Database).spec.name
    extensions = ", ".join(extension.name for extension in found.status.extensions)
    applied = f"applied, with {extensions}" if extensions else "applied"
    return Result(
        id="database",
        state=_STATES[health.state],
        evidence=f"{name}: {health.message or applied}",
        facts={"applied": found.status.applied, "message": found.status.message or None},
    )


def role(app: App, live: Live) -> Result:
    """Whether CloudNativePG has made the role, as the app or the platform declares it."""
    name, postgres = app.typed(Database).spec.owner, live.postgres.result()
    if postgres is None:
        evidence = f"there is no PostgreSQL cluster {app.platform.postgres_cluster}"
        return Result(id="role", state=State.FAILED, evidence=evidence)
    for manifest in app.manifests(DatabaseRole):
        return _declared_role(manifest, app, live, postgres)
    problem = postgres.role_problem(name)
    state = State.FAILED if problem else State.OK
    return Result(id="role", state=state, evidence=problem or f"{name} is reconciled")


def _declared_role(manifest: Manifest, app: App, live: Live, postgres: Cluster) -> Result:
    """A role that is declared with the app; while the platform declares it too, that one counts."""
    name, found = manifest.typed(DatabaseRole).spec.name, live.typed(DatabaseRole, manifest)
    if found is None:
        return absent("role", manifest, app, live)
    if postgres.managed_role(name):
        evidence = f"{name} is still in spec.managed.roles of {postgres.name}"
        fix = "the platform removes it there, and then the DatabaseRole is applied"
        return Result(id="role", state=State.WARNING, evidence=evidence, fix=fix)
    health = health_of_role(found)
    return Result(
        id="role",
        state=_STATES[health.state],
        evidence=f"{name}: {health.message or 'applied'}",
        facts={"applied": found.status.applied, "message": found.status.message or None},
    )
