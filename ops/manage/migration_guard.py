"""The guard against two migrations of one database at once.

Django takes no lock: two `migrate` at a time each run what neither has recorded yet, a data
migration twice. Source: Django, ticket 22373 and "django-admin".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ops.cluster.client import Cluster
from ops.deploy import lock
from ops.documents.fleet import App
from ops.errors import OpsError
from ops.kinds.application import RUNNING, Application
from ops.kinds.description.health import State
from ops.kinds.job import Job, health
from railiance.annotations import COMPONENT, NAME

MIGRATE = "migrate"
"""The component of the rendered migrate Job, and the command of an operator's."""
ONLY_LISTS = frozenset(("--plan", "--check", "--help", "-h"))
ENDING = "Terminating"


def changes_the_schema(arguments: Sequence[str]) -> bool:
    """Whether a command of manage.py migrates."""
    return list(arguments[:1]) == [MIGRATE] and ONLY_LISTS.isdisjoint(arguments)


@contextmanager
def alone(cluster: Cluster, app: App) -> Iterator[None]:
    """Hold the lock of deploys while a migration is started.

    OpsError if a deploy holds it, Argo CD is syncing, or a Job migrates. The Job that is started
    then keeps the others out: they find it. A sync that Argo CD starts later by itself does not.
    """
    with lock.locked(cluster, app.namespace, app.name):
        require_none(cluster, app)
        _require_no_sync(cluster, app)
        yield


def require_none(cluster: Cluster, app: App, *, but_of_syncs: bool = False) -> None:
    """OpsError if a Job migrates the app's database.

    With `but_of_syncs`, that of a sync may: a push can have started the sync that a deploy awaits.
    """
    for job in cluster.all(Job, app.namespace, {NAME: app.name}):
        if but_of_syncs and job.metadata.labels.get(COMPONENT) == MIGRATE:
            continue
        if _migrates(job, app) and health(job).state is State.PROGRESSING:
            raise OpsError(
                f"Job {job.namespace}/{job.name} migrates the database; wait until it has ended: "
                f"`kubectl --namespace {job.namespace} logs --follow job/{job.name}`"
            )


def _migrates(job: Job, app: App) -> bool:
    if job.metadata.labels.get(COMPONENT) == MIGRATE:
        return True
    (container, *_) = job.spec.template.spec.containers
    return changes_the_schema((container.command or [])[len(app.launcher.run()) :])


def _require_no_sync(cluster: Cluster, app: App) -> None:
    manifest = app.application
    found = cluster.get(Application, manifest.name, manifest.namespace)
    operation = found.status.operation_state if found else None
    if operation and operation.phase in (RUNNING, ENDING):
        waits = ", and is waiting to try again" if operation.finished_at else ""
        raise OpsError(
            f"Argo CD is syncing {app.name}{waits}, and migrates the database with each attempt; "
            f"wait until it has ended: `ops status --app {app.name} --watch`"
        )
