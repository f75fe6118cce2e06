"""Rules about several fields of an app's declaration; each raises ValueError."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from railiance import checks, connections, covered, hosts
from railiance.environment import WRITABLE_FOLDERS, plain_names, repeated_names
from railiance.secret_names import PASSWORD, USERNAME
from railiance.valkey_access import PASSWORD_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from railiance.django_app import DjangoApp

LONGEST_CRON_JOB = 52
"""Kubernetes adds 11 characters to a CronJob's name for its Jobs."""


def check(app: DjangoApp) -> None:
    """Every rule."""
    hosts.check(app)
    _check_variables(app)
    _check_process_names(app)
    _check_paths(app)
    covered.check(app)
    _check_heartbeats(app)
    _check_commands(app)
    _check_connections(app)


def _check_variables(app: DjangoApp) -> None:
    """Each variable has one source."""
    taken = plain_names(app)
    for name in app.environment:
        if name in taken.union(app.secret_variables):
            raise ValueError(f"environment sets {name!r}, which is set already; remove it")
    keys = app.secret_keys
    if keys is not None and (not keys or len(set(keys)) < len(keys)):
        raise ValueError(f"secret_keys {keys} is empty or repeats a key; fix the list")
    for key in app.secret_variables:
        if key in taken:
            raise ValueError(f"secret_keys names {key!r}, which is not secret; remove it")
    for name in repeated_names(app):
        raise ValueError(f"two settings have the variable {name!r}; give each its own")
    _check_storage_keys(app)
    if not app.names.database_url and not app.names.database:
        raise ValueError("names state no database; give database_url= or database=")


def _check_storage_keys(app: DjangoApp) -> None:
    """The keys of the bucket are no other secret as well."""
    valkey = (*app.valkey.urls, app.valkey.password) if app.valkey else ()
    others = {*app.names.secrets, *valkey, *app.generated_secrets}
    for name in app.storage.names.secret if app.storage else ():
        if name in others:
            raise ValueError(f"storage names {name!r}, which holds another secret; rename it")


def _check_process_names(app: DjangoApp) -> None:
    """Each process and each folder is an object of its own, with a name that Kubernetes accepts."""
    folders = [folder.name for folder in app.data_folders]
    processes = [worker.name for worker in app.workers]
    processes += [schedule.name for schedule in app.schedules]
    for name in _repeated([*folders, *processes]):
        raise ValueError(f"two workers, schedules or folders are named {name!r}; rename one")
    for schedule in app.schedules:
        full = f"{app.name}-{schedule.name}"
        if len(full) > LONGEST_CRON_JOB:
            raise ValueError(
                f"the CronJob {full!r} has {len(full)} characters, at most {LONGEST_CRON_JOB};"
                " shorten the schedule's name"
            )
    for name in (*folders, *processes):
        checks.dns_label(f"{app.name}-{name}")


def _check_paths(app: DjangoApp) -> None:
    """Each path is mounted once."""
    paths = [
        *_writable(app),
        *(file.path for file in app.configuration_files),
        *(file.path for file in app.secret_files),
        *([app.media.mount_path] if app.media else []),
    ]
    for path in _repeated(paths):
        raise ValueError(f"{path!r} is mounted twice; give each its own path")
    for key in _repeated(file.key for file in app.secret_files):
        raise ValueError(f"two secret_files have the key {key!r}; give each its own")
    taken = {*app.secret_variables, USERNAME, PASSWORD, PASSWORD_FILE}
    for file in app.secret_files:
        if file.key in taken:
            raise ValueError(f"another secret has the key {file.key!r} of a file; rename it")


def _check_heartbeats(app: DjangoApp) -> None:
    folders = {*WRITABLE_FOLDERS.values(), *_writable(app)}
    for worker in app.workers:
        path = worker.heartbeat.path if worker.heartbeat else ""
        if path and not path.startswith(tuple(f"{folder}/" for folder in folders)):
            raise ValueError(
                f"the heartbeat {path!r} of {worker.name} is in no writable folder; put it in /tmp"
            )


def _writable(app: DjangoApp) -> list[str]:
    """The folders that it declares."""
    scratch = [folder.path for folder in app.scratch_folders]
    return [*scratch, *(folder.path for folder in app.data_folders)]


def _check_commands(app: DjangoApp) -> None:
    if not app.launcher or not app.python:
        raise ValueError("launcher and python must not be empty; remove them for the defaults")
    if () in app.upgrade_steps:
        raise ValueError("upgrade_steps has an empty command; remove it")


def _check_connections(app: DjangoApp) -> None:
    """During a rollout no pod may be refused for want of a connection."""
    limit, needed = app.database.connection_limit, connections.most(app)
    if limit is not None and limit < needed:
        raise ValueError(
            f"database.connection_limit {limit} is too low: web pods, workers, schedules and the"
            f" migrate Job can open {needed} connections during a rollout; give at least {needed}"
        )


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]
