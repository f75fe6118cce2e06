"""The shared PostgreSQL cluster, its role and database for the app, and its backups."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from ops.cluster.kinds import Document
from ops.cluster.reported import is_younger, moment, role_problem, status_of
from ops.preflight.answer import Answer, Subject, failed, ok, warning
from ops.preflight.substrate import PLATFORM

HEALTHY = "Cluster in healthy state"
"""CloudNativePG's own word, https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.28.0/api/v1/cluster_types.go."""
OLDEST_BACKUP = timedelta(days=8)
"""A weekly backup, and a day for it to be made."""

ALL, REJECT = "all", "reject"
OTHER = "postgres"
"""A database that every cluster has, and no app."""
FIELDS = 5
"""A line's type, databases, roles, address and method."""
LOOKED_AT_WITHIN = timedelta(minutes=1)
"""A database of which CloudNativePG says nothing for longer will not be made."""


def _postgres(subject: Subject) -> Document | None:
    place = (subject.platform["postgres-cluster"], subject.platform["postgres-namespace"])
    return subject.cluster.get("Cluster", *place)


def _missing(subject: Subject) -> Answer:
    name = f"{subject.platform['postgres-namespace']}/{subject.platform['postgres-cluster']}"
    return failed(f"there is no PostgreSQL cluster {name}", f"{PLATFORM} has to make it")


def cluster(subject: Subject) -> Answer:
    """Whether the shared cluster is there, and all its instances are ready."""
    found = _postgres(subject)
    if found is None:
        return _missing(subject)
    status = status_of(found)
    phase = str(status.get("phase") or "CloudNativePG has not said anything of it")
    ready, wanted = int(status.get("readyInstances") or 0), int(found["spec"].get("instances", 1))
    text = f"{found['metadata']['name']}: {phase}, {ready} of {wanted} instances ready"
    if phase == HEALTHY and ready >= wanted:
        return ok(text)
    reason = status.get("phaseReason")
    look = f"kubectl -n {found['metadata']['namespace']} describe cluster.postgresql.cnpg.io"
    mend = f"`{look} {found['metadata']['name']}`, and the operator's log"
    return failed(f"{text}: {reason}" if reason else text, mend)


def role(subject: Subject) -> Answer:
    """Whether CloudNativePG has made the role that owns the app's database."""
    name, found = str(subject.app.one("Database").spec["owner"]), _postgres(subject)
    if found is None:
        return _missing(subject)
    if problem := role_problem(found, name):
        mend = f"{PLATFORM}: the role in spec.managed.roles, with its Secret in the same namespace"
        return failed(problem, mend)
    return ok(f"role {name} is reconciled")


def access(subject: Subject) -> Answer:
    """Whether the role may connect to the app's database, and to no other.

    It may to all where nothing is said: apps then see the names of each other's tables. A deploy
    works all the same, and PostgreSQL may read a line otherwise than is read here (groups, files),
    so the worst is a warning. Source: PostgreSQL 16, "The pg_hba.conf File".
    """
    spec, found = subject.app.one("Database").spec, _postgres(subject)
    if found is None:
        return _missing(subject)
    name, role = str(spec["name"]), str(spec["owner"])
    lines = (found["spec"].get("postgresql") or {}).get("pg_hba") or []
    mend = f"{PLATFORM}: its lines in spec.postgresql.pg_hba of {found['metadata']['name']}"
    if _method(lines, role, name) == REJECT:
        return warning(f"role {role} may not connect to {name}", mend)
    if _method(lines, role, OTHER) != REJECT:
        return warning(f"role {role} may connect to the databases of other apps", mend)
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


def backup(subject: Subject) -> Answer:
    """Whether the shared cluster is backed up, and with it, whole, the app's database.

    What is not backed up can be deployed all the same, so the worst is a warning.
    """
    found, database = _postgres(subject), subject.app.one("Database").spec["name"]
    if found is None:
        return _missing(subject)
    spec, name = found["spec"], found["metadata"]["name"]
    mend = f"{PLATFORM}: a backup store and a ScheduledBackup for {name}"
    archived = any(plugin.get("isWALArchiver") for plugin in spec.get("plugins") or [])
    if not spec.get("backup") and not archived:
        return warning(f"{name} has no backups: {database} would be lost with its volume", mend)
    if not _schedules(subject):
        return warning(f"{name} has a backup store, but no ScheduledBackup that is at work", mend)
    last = _last_backup(subject, found)
    if last is None:
        return warning(f"{name} is to be backed up, but no backup has succeeded so far", mend)
    text = f"the last backup of {name}, with {database} in it, is of {last:%Y-%m-%d %H:%M}Z"
    if datetime.now(UTC) - last > OLDEST_BACKUP:
        mend = f"`kubectl -n {found['metadata']['namespace']} get backups` tells what fails"
        return warning(f"{text}, which is more than {OLDEST_BACKUP.days} days ago", mend)
    return ok(text)


def _schedules(subject: Subject) -> list[Document]:
    """The schedules of the shared cluster that are not suspended."""
    return [one for one in _of_it(subject, "ScheduledBackup") if not one["spec"].get("suspend")]


def _of_it(subject: Subject, kind: str) -> list[Document]:
    documents = subject.cluster.all(kind, subject.platform["postgres-namespace"])
    name = subject.platform["postgres-cluster"]
    return [one for one in documents if one["spec"].get("cluster", {}).get("name") == name]


def _last_backup(subject: Subject, postgres: Document) -> datetime | None:
    """When the last backup succeeded; the cluster does not say so of one made by a plugin."""
    said = [status_of(postgres).get("lastSuccessfulBackup")]
    for one in _of_it(subject, "Backup"):
        status = status_of(one)
        if status.get("phase") == "completed":
            said.append(status.get("stoppedAt"))
    return max(filter(None, map(moment, said)), default=None)


def database(subject: Subject) -> Answer:
    """Whether the app's Database is applied, or not there yet, as before a first install."""
    manifest = subject.app.one("Database")
    found = subject.cluster.get(manifest.kind, manifest.name, manifest.namespace)
    if found is None:
        return ok(f"{manifest} is not there yet: the first install makes it")
    status = status_of(found)
    if status.get("applied"):
        return ok(f"{manifest} is applied")
    if not status and is_younger(found, LOOKED_AT_WITHIN):
        return ok(
            f"{manifest} was made just now; a deploy waits until CloudNativePG has applied it"
        )
    said = status.get("message") or "CloudNativePG has not said anything of it"
    mend = "the role and the PostgreSQL cluster first, then the operator's log"
    return failed(f"{manifest} is not applied: {said}", mend)


def label(subject: Subject) -> Answer:
    """Whether the app's namespace has the label that opens the database to it."""
    manifest, key = subject.app.one("Namespace"), subject.platform["postgres-client-label"]
    found = subject.cluster.get("Namespace", manifest.name)
    if found is None:
        return ok(f"{manifest} is not there yet: the first install makes it")
    wanted, value = manifest.labels.get(key), (found["metadata"].get("labels") or {}).get(key)
    if value == wanted:
        return ok(f"{manifest} has {key}={value}")
    mend = f"`kubectl label namespace {manifest.name} {key}={wanted} --overwrite`, or a sync"
    return failed(f"{manifest} has {key}={value or 'nothing'}, not {wanted}", mend)
