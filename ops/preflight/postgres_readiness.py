"""The shared PostgreSQL cluster, the app's database in it, who may connect, and its backups."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from ops.kinds.backup import Backup
from ops.kinds.cluster import HEALTHY_PHASE, Cluster
from ops.kinds.database import Database, health
from ops.kinds.namespace import Namespace
from ops.kinds.scheduled_backup import ScheduledBackup
from ops.objects.times import is_younger, moment
from ops.preflight.cluster_readiness import PLATFORM
from ops.preflight.subject import Subject
from ops.results.result import Result, failed, ok, warning

OLDEST_BACKUP = timedelta(days=8)
"""A weekly backup, and a day for it to be made."""

ALL, REJECT = "all", "reject"
OTHER = "postgres"
"""A database that every cluster has, and no app."""
FIELDS = 5
"""A line's type, databases, roles, address and method."""
LOOKED_AT_WITHIN = timedelta(minutes=1)
"""A database that CloudNativePG does not report on for longer will not be made."""


def postgres(subject: Subject) -> Cluster | None:
    """The shared cluster, if it is there."""
    platform = subject.platform
    return subject.cluster.get(Cluster, platform.postgres_cluster, platform.postgres_namespace)


def missing(subject: Subject) -> Result:
    """That there is no shared cluster."""
    name = f"{subject.platform.postgres_namespace}/{subject.platform.postgres_cluster}"
    return failed(f"there is no PostgreSQL cluster {name}", f"create it in {PLATFORM}")


def cluster(subject: Subject) -> Result:
    """Whether the shared cluster is there, and all its instances are ready."""
    found = postgres(subject)
    if found is None:
        return missing(subject)
    status, wanted = found.status, found.spec.instances
    phase = status.phase or "CloudNativePG has not reported on it"
    text = f"{found.name}: {phase}, {status.ready_instances} of {wanted} instances ready"
    if status.phase == HEALTHY_PHASE and status.ready_instances >= wanted:
        return ok(text)
    look = f"kubectl -n {found.namespace} describe cluster.postgresql.cnpg.io {found.name}"
    fix = f"`{look}`, and read the log of the CloudNativePG operator"
    return failed(f"{text}: {status.phase_reason}" if status.phase_reason else text, fix)


def access(subject: Subject) -> Result:
    """Whether the role may connect to the app's database, and to no other.

    It may to all where nothing is said: apps then see the names of each other's tables. A deploy
    works all the same, and PostgreSQL may read a line otherwise than is read here (groups, files),
    so the worst is a warning. Source: PostgreSQL 16, "The pg_hba.conf File".
    """
    spec, found = subject.app.typed(Database).spec, postgres(subject)
    if found is None:
        return missing(subject)
    name, role = spec.name, spec.owner
    lines = found.spec.postgresql.pg_hba
    fix = f"{PLATFORM}: correct the role's lines in spec.postgresql.pg_hba of {found.name}"
    if _method(lines, role, name) == REJECT:
        return warning(f"role {role} may not connect to {name}", fix)
    if _method(lines, role, OTHER) != REJECT:
        return warning(f"role {role} may connect to the databases of other apps", fix)
    return ok(f"role {role} may connect to {name} alone")


def _method(lines: Sequence[str], role: str, database: str) -> str:
    """By which method the first line lets in that is of a role and a database; empty if none is."""
    for line in lines:
        fields = line.replace('"', "").split()
        if len(fields) < FIELDS or fields[0].startswith("#"):
            continue
        if _is_of(fields[1], database, same=role) and _is_of(fields[2], role):
            # The address before it may be two fields, a network and its mask.
            return next((one for one in fields[4:] if one[0].isalpha()), "")
    return ""


def _is_of(field: str, name: str, same: str = "") -> bool:
    """Whether a field's names, patterns or keywords mean this name."""
    return any(
        one in (ALL, name) or (one == "sameuser" and name == same) or _matches(one, name)
        for one in field.split(",")
    )


def _matches(pattern: str, name: str) -> bool:
    try:
        return pattern.startswith("/") and re.search(pattern[1:], name) is not None
    except re.error:
        return False


def backup(subject: Subject) -> Result:
    """Whether the shared cluster is backed up, and with it, whole, the app's database.

    What is not backed up can be deployed all the same, so the worst is a warning.
    """
    found, database = postgres(subject), subject.app.typed(Database).spec.name
    if found is None:
        return missing(subject)
    spec, name = found.spec, found.name
    fix = f"{PLATFORM}: add a backup store and a ScheduledBackup for {name}"
    archived = any(plugin.is_wal_archiver for plugin in spec.plugins)
    if not spec.backup and not archived:
        return warning(f"{name} has no backups: {database} would be lost with its volume", fix)
    if not _schedules(subject):
        return warning(f"{name} has a backup store, but no ScheduledBackup that runs", fix)
    last = _last_backup(subject, found)
    if last is None:
        return warning(f"{name} is to be backed up, but no backup has succeeded so far", fix)
    text = f"the last backup of {name}, with {database} in it, was made at {last:%Y-%m-%d %H:%M}Z"
    if datetime.now(UTC) - last > OLDEST_BACKUP:
        fix = f"`kubectl -n {found.namespace} get backups` shows what fails"
        return warning(f"{text}, which is more than {OLDEST_BACKUP.days} days ago", fix)
    return ok(text)


def _schedules(subject: Subject) -> list[ScheduledBackup]:
    """The schedules of the shared cluster that are not suspended."""
    platform = subject.platform
    schedules = subject.cluster.all(ScheduledBackup, platform.postgres_namespace)
    name = platform.postgres_cluster
    return [s for s in schedules if s.spec.cluster.name == name and not s.spec.suspend]


def _last_backup(subject: Subject, postgres: Cluster) -> datetime | None:
    """When the last backup succeeded; the cluster does not report one made by a plugin."""
    ends = [postgres.status.last_successful_backup]
    ends += [
        backup.status.stopped_at
        for backup in subject.cluster.all(Backup, postgres.namespace)
        if backup.spec.cluster.name == postgres.name and backup.status.phase == "completed"
    ]
    return max(filter(None, map(moment, ends)), default=None)


def database(subject: Subject) -> Result:
    """Whether the app's Database is applied, or not there yet, as before a first install."""
    manifest = subject.app.manifest(Database)
    found = subject.cluster.get(Database, manifest.name, manifest.namespace)
    if found is None:
        return ok(f"{manifest} is not there yet: the first install makes it")
    if found.status.applied:
        names = ", ".join(extension.name for extension in found.status.extensions)
        return ok(f"{manifest} is applied, with {names}" if names else f"{manifest} is applied")
    if found.status.applied is None and is_younger(found, LOOKED_AT_WITHIN):
        return ok(
            f"{manifest} was made just now; a deploy waits until CloudNativePG has applied it"
        )
    fix = (
        "check the role and the PostgreSQL cluster first, then the log of the CloudNativePG "
        "operator"
    )
    return failed(f"{manifest} is not applied: {found.status.reason or health(found).message}", fix)


def label(subject: Subject) -> Result:
    """Whether the app's namespace has the label that opens the database to it."""
    manifest, key = subject.app.manifest(Namespace), subject.platform.postgres_client_label
    found = subject.cluster.get(Namespace, manifest.name)
    if found is None:
        return ok(f"{manifest} is not there yet: the first install makes it")
    wanted, value = manifest.labels.get(key), found.metadata.labels.get(key)
    if value == wanted:
        return ok(f"{manifest} has {key}={value}")
    fix = f"`kubectl label namespace {manifest.name} {key}={wanted} --overwrite`, or a sync"
    return failed(f"{manifest} has {key}={value or 'nothing'}, not {wanted}", fix)
