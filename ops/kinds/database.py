"""CloudNativePG's Database: an app's own, in the shared PostgreSQL cluster."""

from ops.kinds.description.changes import NEW_OR_KEPT
from ops.kinds.description.effect import Effect
from ops.kinds.description.health import HEALTHY, Health, State
from ops.kinds.description.kind import Data, Kind, Owner, Stage, Tree, no_references
from ops.kinds.description.rule import ABSENT, DELETED, Rule, became, replaced
from ops.kinds.description.sources import DATABASES
from ops.objects.base import NamedReference, Object, Part, Status


class ExtensionSpec(Part, frozen=True):
    """An extension that the database has."""

    name: str = ""
    ensure: str = "present"


class DatabaseSpec(Part, frozen=True):
    """Which database, owned by which role, in which cluster."""

    name: str = ""
    owner: str = ""
    cluster: NamedReference = NamedReference()
    ensure: str = ""
    database_reclaim_policy: str = ""
    extensions: list[ExtensionSpec] = []


class ExtensionStatus(Part, frozen=True):
    """What CloudNativePG made of one extension."""

    name: str = ""
    applied: bool = False
    message: str = ""


class DatabaseStatus(Status, frozen=True):
    """What CloudNativePG made of it."""

    applied: bool | None = None
    message: str = ""
    extensions: list[ExtensionStatus] = []

    @property
    def reason(self) -> str:
        """Why it is not applied: each extension that failed, since the message names none."""
        failed = [
            f"extension {extension.name}: {extension.message}"
            for extension in self.extensions
            if not extension.applied
        ]
        return "; ".join(failed) or self.message


class Database(Object, frozen=True):
    """A Database."""

    spec: DatabaseSpec = DatabaseSpec()
    status: DatabaseStatus = DatabaseStatus()


def health(database: Database) -> Health:
    """Healthy once it is applied; until then CloudNativePG tries again every 30 s."""
    status = database.status
    if status.applied is None or status.observed_generation != database.metadata.generation:
        return Health(State.PROGRESSING, "CloudNativePG has not reported whether it is applied")
    if status.applied:
        return HEALTHY
    message = status.reason or "CloudNativePG gives no reason"
    return Health(State.DEGRADED, f"not applied: {message}", is_retried=True)


_CREATION = (
    "spec.template spec.encoding spec.locale spec.localeProvider spec.localeCollate"
    " spec.localeCType spec.icuLocale spec.icuRules spec.builtinLocale spec.collationVersion"
)

KIND = Kind(
    kind="Database",
    group="postgresql.cnpg.io",
    version="v1",
    plural="databases",
    namespaced=True,
    model=Database,
    owner=Owner.APP,
    fields=Tree.from_paths(
        *("spec.name", "spec.owner", "spec.cluster.name", "spec.ensure"),
        *("spec.databaseReclaimPolicy", "spec.extensions.name", "spec.extensions.ensure"),
    ),
    guarded=True,
    needed=True,
    stage=Stage.FOUNDATION,
    kept=(frozenset({"Prune=false", "Delete=false"}),),
    pods=None,
    refers_to=no_references,
    holds=Data.HOLDS,
    health=health,
    apply_order=None,
    recreated=Effect.DATA_AT_RISK,
    changes=(
        Rule(
            f"spec.name {_CREATION}",
            Effect.REFUSED,
            "immutable: create a second database, and move the data by hand",
            DATABASES,
            replaced,
        ),
        Rule(
            _CREATION,
            Effect.IN_PLACE,
            "takes effect only when a database is created: an existing one stays as it is",
            DATABASES,
        ),
        Rule(
            "spec.databaseReclaimPolicy",
            Effect.DATA_AT_RISK,
            "the database is dropped together with this object",
            f"{DATABASES}#reclaiming-resources",
            became("delete"),
        ),
        Rule(
            "spec.databaseReclaimPolicy",
            Effect.IN_PLACE,
            "the database stays when this object is deleted",
            f"{DATABASES}#reclaiming-resources",
        ),
        Rule(
            "spec.ensure",
            Effect.DATA_AT_RISK,
            "with ensure: absent the database is dropped",
            DATABASES,
        ),
        Rule(
            "spec.cluster",
            Effect.DATA_AT_RISK,
            "an empty database in another cluster takes its place; the data stays behind",
            DATABASES,
        ),
        Rule(
            "spec.owner",
            Effect.DATA_AT_RISK,
            "the database gets another owner: roles may lose access to its tables",
            DATABASES,
        ),
        Rule(
            "spec.extensions spec.schemas spec.fdws spec.servers",
            Effect.DATA_AT_RISK,
            "objects with ensure: absent are dropped, with everything that depends on them",
            f"{DATABASES}#managing-extensions-in-a-database",
            became("absent"),
        ),
        Rule(
            "spec.extensions",
            Effect.IN_PLACE,
            "the extension stays in the database; nothing manages it any more",
            f"{DATABASES}#managing-extensions-in-a-database",
            lambda _old, new: new is ABSENT,
        ),
        Rule(
            "spec.extensions spec.schemas spec.fdws spec.servers spec.connectionLimit"
            " spec.allowConnections spec.isTemplate spec.tablespace",
            Effect.IN_PLACE,
            "CloudNativePG alters the database",
            DATABASES,
        ),
        NEW_OR_KEPT,
        Rule(
            DELETED,
            Effect.DATA_AT_RISK,
            "the database may be dropped, and nothing manages it any more",
            f"{DATABASES}#reclaiming-resources",
        ),
    ),
)
