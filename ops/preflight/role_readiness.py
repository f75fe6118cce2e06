"""The PostgreSQL role that owns the app's database: the platform's, or declared with the app."""

from __future__ import annotations

from ops.documents.manifest import Manifest
from ops.errors import OpsError
from ops.kinds.cluster import Cluster, ManagedRole
from ops.kinds.database import Database
from ops.kinds.database_role import DatabaseRole, health
from ops.kinds.description.health import State
from ops.objects.times import is_younger
from ops.preflight.cluster_readiness import PLATFORM
from ops.preflight.postgres_readiness import LOOKED_AT_WITHIN, missing, postgres
from ops.preflight.subject import Subject
from ops.results.result import Result, failed, ok, warning
from railiance.annotations import CONNECTIONS
from railiance.postgres import NO_LIMIT


def role(subject: Subject) -> Result:
    """Whether the role that owns the app's database is there, and may open enough connections."""
    found = postgres(subject)
    if found is None:
        return missing(subject)
    for manifest in subject.app.manifests(DatabaseRole):
        return _declared(subject, manifest, found)
    return _managed(subject.app.manifest(Database), found)


def _declared(subject: Subject, manifest: Manifest, postgres: Cluster) -> Result:
    """A role that is declared with the app."""
    name = manifest.typed(DatabaseRole).spec.name
    if postgres.managed_role(name):
        text = f"role {name} is in spec.managed.roles of {postgres.name}, which takes precedence"
        fix = f"{PLATFORM}: remove it there once {manifest} is deployed"
        return warning(f"{text} over {manifest}", fix)
    live = subject.cluster.get(DatabaseRole, manifest.name, manifest.namespace)
    if live is None:
        return ok(f"{manifest} is not there yet: the first install makes it")
    found = health(live)
    if found.state is State.HEALTHY:
        return ok(f"role {name} is applied")
    if found.state is State.PROGRESSING and is_younger(live, LOOKED_AT_WITHIN):
        return ok(f"{manifest} was made just now; CloudNativePG has not applied it yet")
    fix = f"`ops secrets apply --app {subject.app.name}` writes the role's password"
    log = "the log of the CloudNativePG operator says more"
    return failed(f"{manifest}: {found.message}", f"{fix}; {log}")


def _managed(database: Manifest, postgres: Cluster) -> Result:
    """A role that the platform declares in its Cluster."""
    name = database.typed(Database).spec.owner
    managed = postgres.managed_role(name)
    problem = postgres.role_problem(name)
    if managed is None or problem:
        fix = "add the role to spec.managed.roles, with its Secret in the same namespace"
        return failed(problem, f"{PLATFORM}: {fix}")
    return _limited(database, managed) or ok(f"role {name} is reconciled")


def _limited(database: Manifest, managed: ManagedRole) -> Result | None:
    """What is wrong with the role's connection limit, if the declaration states one."""
    stated, live = database.annotations.get(CONNECTIONS), managed.connection_limit
    if stated is None or stated == str(live):
        return None
    if not stated.isdecimal():
        problem = f"{CONNECTIONS} is {stated!r}, not a number"
        raise OpsError(f"{database}: {problem}; run `make synth`")
    fix = f"{PLATFORM}: set connectionLimit: {stated} for {managed.name} in spec.managed.roles"
    if NO_LIMIT < live < int(stated):
        text = f"role {managed.name} may open {live} connections, and the app needs {stated}"
        return failed(text, fix)
    limit = "no connection limit" if live == NO_LIMIT else f"a connection limit of {live}"
    return warning(f"role {managed.name} has {limit}, not of {stated} as declared", fix)
