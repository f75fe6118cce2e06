"""What is left to do after an app is removed: the merge, what others hold, and what stays."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ops.declarations.staged_copy import CHANGED
from ops.documents.fleet import App
from ops.kinds.database import Database
from ops.kinds.database_role import DatabaseRole
from ops.kinds.persistent_volume_claim import PersistentVolumeClaim
from ops.storage.declared_storage import is_declared, storage_of


@dataclass(frozen=True)
class Step:
    """Something that a person does."""

    title: str
    commands: Sequence[str] = ()


def steps(app: App, root: Path) -> Iterator[Step]:
    """The steps in their order; those that destroy data come last."""
    folders = " ".join(name for name in CHANGED if (root / name).exists())
    yield Step(
        "Commit and merge; Argo CD then deletes all but Namespace, volumes and database:",
        [
            f"git add --all {folders}",
            f'git commit -m "{app.name}: removed" -m "Acknowledge-Deletion: {app.application}"',
            "ops plan HEAD~1 HEAD",
            "git push",
        ],
    )
    yield Step(f"DNS: remove the A record of {', '.join(host.name for host in app.hosts)}")
    if is_declared(app):
        place = storage_of(app).place
        yield Step(
            f"The bucket {place.bucket} at {place.endpoint} stays: empty it, revoke its keys"
        )
    yield from _database(app)
    delete = f"{_kubectl(app)} delete namespace {app.namespace}"
    yield Step(f"Delete the Namespace, and with it {_held(app)}:", [delete])


def _database(app: App) -> Iterator[Step]:
    platform, database = app.platform, app.typed(Database)
    spec, there = database.spec, f"{_kubectl(app)} --namespace {database.namespace}"
    inside = f"{there} exec service/{platform.postgres_cluster}-rw --container postgres --"
    yield Step(
        f"Dump the database {spec.name}, if anybody may need it again:",
        [f"{inside} pg_dump --format=custom {spec.name} > {spec.name}.dump"],
    )
    yield Step(
        f"Drop the database {spec.name} with all its data:",
        [
            f"{there} delete database.postgresql.cnpg.io {database.name}",
            f"{inside} dropdb {spec.name}",
        ],
    )
    if app.manifests(DatabaseRole):
        yield _role(app.typed(DatabaseRole), there, inside)
    else:
        where = f"spec.managed.roles of {platform.postgres_cluster}"
        yield Step(f"railiance-platform: remove the role {spec.owner} from {where}, and its Secret")


def _role(role: DatabaseRole, there: str, inside: str) -> Step:
    return Step(
        f"Drop the role {role.spec.name} and its credentials:",
        [
            f"{there} delete databaserole.postgresql.cnpg.io {role.name}",
            f"{there} delete secret {role.spec.password_secret.name}",
            f"{inside} dropuser {role.spec.name}",
        ],
    )


def _held(app: App) -> str:
    """What goes with the Namespace."""
    claims = [manifest.name for manifest in app.manifests(PersistentVolumeClaim)]
    volumes = f"all files of the volumes {', '.join(claims)}, " if claims else ""
    return f"{volumes}Secrets and receipts"


def _kubectl(app: App) -> str:
    return f"kubectl --context {app.platform.name}"
