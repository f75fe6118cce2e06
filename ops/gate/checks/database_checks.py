"""The app's database: its own, in the shared cluster, and never lost by a sync."""

from collections.abc import Callable

from ops.gate.checks.sync_checks import unkept
from ops.gate.inventory import Inventory
from ops.gate.policy import Offences, check
from ops.kinds.database import Database
from ops.kinds.namespace import Namespace


@check(
    "database.E001",
    "A Database has ensure: present, and is retained when its object is deleted.",
    hint="set ensure: present and databaseReclaimPolicy: retain",
    because="With `delete` or `absent`, CloudNativePG drops the database with all its data.",
)
def databases_dropped(inventory: Inventory) -> Offences:
    """Databases that could be dropped by the operator."""
    for manifest, database in inventory.objects(Database):
        if database.spec.database_reclaim_policy != "retain":
            yield manifest, "is not retained"
        if database.spec.ensure != "present":
            yield manifest, f"ensure is {database.spec.ensure!r}"


@check(
    "database.E002",
    "A Database is neither pruned by a sync nor deleted with its Application.",
    hint="annotate it with sync-options: Prune=false,Delete=false",
    because="A sync must never lose data.",
)
def databases_pruned(inventory: Inventory) -> Offences:
    """Databases without both options."""
    for manifest in unkept(inventory, Database):
        yield manifest, "may be pruned or deleted"


@check(
    "database.E003",
    "A role owns one database, and belongs to no other service.",
    hint="declare a role for this app only",
    because="Safety contract: a dedicated role scoped to a single database, never the gitea role"
    " nor a superuser.",
)
def roles_reused(inventory: Inventory) -> Offences:
    """Roles that own two databases, belong to others, or are PostgreSQL's own."""
    reserved = {*inventory.platform.reserved_roles, "postgres", "streaming_replica"}
    for manifest, database in inventory.objects(Database):
        if database.spec.owner in reserved:
            yield manifest, f"is owned by {database.spec.owner!r}"
    yield from _shared(inventory, lambda database: database.spec.owner, "owner")


@check(
    "database.E004",
    "A database is declared by one Database.",
    hint="declare a database for this app only",
    because="CloudNativePG refuses a second object for the same name, and two apps would share"
    " their tables.",
)
def databases_declared_twice(inventory: Inventory) -> Offences:
    """Databases of the same name in PostgreSQL."""
    yield from _shared(inventory, lambda database: database.spec.name, "name")


def _shared(inventory: Inventory, read: Callable[[Database], str], field: str) -> Offences:
    first: dict[str, object] = {}
    for manifest, database in inventory.objects(Database):
        other = first.setdefault(read(database), manifest)
        if other is not manifest:
            yield manifest, f"has the {field} {read(database)!r} of {other}"


@check(
    "database.E005",
    "A Database is in the shared cluster, and in that cluster's namespace.",
    hint="use the platform's cluster and its namespace",
    because="CloudNativePG looks for the Cluster in the Database's own namespace.",
)
def databases_elsewhere(inventory: Inventory) -> Offences:
    """Databases of another cluster or namespace."""
    expected = (inventory.platform.postgres_namespace, inventory.platform.postgres_cluster)
    for manifest, database in inventory.objects(Database):
        found = (manifest.namespace, database.spec.cluster.name)
        if found != expected:
            yield manifest, f"is in {'/'.join(found)}, not {'/'.join(expected)}"


@check(
    "database.E006",
    "An app's Namespace has the label that the database's NetworkPolicy selects.",
    hint="label the Namespace with the platform's client label",
    because="The platform's NetworkPolicy allows only namespaces with this label to reach "
    "PostgreSQL.",
)
def namespaces_shut_out(inventory: Inventory) -> Offences:
    """Namespaces whose pods would wait for a database that they cannot reach."""
    platform = inventory.platform
    label, cluster = platform.postgres_client_label, platform.postgres_cluster
    for manifest, _ in inventory.objects(Namespace):
        if manifest.labels.get(label) != cluster:
            yield manifest, f"lacks the label {label}={cluster}"
