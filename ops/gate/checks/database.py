"""The app's database: its own, in the shared cluster, and never lost by a sync."""

from collections.abc import Callable

from ops.gate.inventory import Inventory
from ops.gate.policy import Offences, check
from ops.manifests import Manifest

SYNC_OPTIONS = "argocd.argoproj.io/sync-options"
KEPT = {"Prune=false", "Delete=false"}


def sync_options(manifest: Manifest) -> set[str]:
    """The object's sync options, one by one."""
    return {option.strip() for option in manifest.annotations.get(SYNC_OPTIONS, "").split(",")}


@check(
    "database.E001",
    "A Database says that it is present, and retained when its object goes.",
    hint="set ensure: present and databaseReclaimPolicy: retain",
    because="With `delete` or `absent`, CloudNativePG drops the database with all that is in it.",
)
def databases_dropped(inventory: Inventory) -> Offences:
    """Databases that could be dropped by the operator."""
    for database in inventory.of("Database"):
        if database.spec.get("databaseReclaimPolicy") != "retain":
            yield database, "is not retained"
        if database.spec.get("ensure") != "present":
            yield database, f"ensure is {database.spec.get('ensure')!r}"


@check(
    "database.E002",
    "A Database is neither pruned by a sync nor deleted with its Application.",
    hint="annotate it with sync-options: Prune=false,Delete=false",
    because="No data is ever lost by a sync.",
)
def databases_pruned(inventory: Inventory) -> Offences:
    """Databases without both options."""
    for database in inventory.of("Database"):
        if not sync_options(database) >= KEPT:
            yield database, "may be pruned or deleted"


@check(
    "database.E003",
    "A role owns one database, and is no other service's.",
    hint="declare a role of the app's own",
    because="Safety contract: a dedicated role scoped to a single database, never the gitea role"
    " nor a superuser.",
)
def roles_reused(inventory: Inventory) -> Offences:
    """Roles that own two databases, belong to others, or are PostgreSQL's own."""
    reserved = {*inventory.platform.listed("reserved-roles"), "postgres", "streaming_replica"}
    for database in inventory.of("Database"):
        if database.spec.get("owner") in reserved:
            yield database, f"is owned by {database.spec.get('owner')!r}"
    yield from _shared(inventory, lambda database: str(database.spec.get("owner")), "owner")


@check(
    "database.E004",
    "A database is declared by one Database.",
    hint="declare a database of the app's own",
    because="CloudNativePG refuses a second object for the same name, and two apps would share"
    " their tables.",
)
def databases_declared_twice(inventory: Inventory) -> Offences:
    """Databases of the same name in PostgreSQL."""
    yield from _shared(inventory, lambda database: str(database.spec.get("name")), "name")


def _shared(inventory: Inventory, read: Callable[[Manifest], str], field: str) -> Offences:
    first: dict[str, Manifest] = {}
    for database in inventory.of("Database"):
        other = first.setdefault(read(database), database)
        if other is not database:
            yield database, f"has the {field} {read(database)!r} of {other}"


@check(
    "database.E005",
    "A Database is in the shared cluster, and in that cluster's namespace.",
    hint="take both from the platform",
    because="CloudNativePG looks for the Cluster in the Database's own namespace.",
)
def databases_elsewhere(inventory: Inventory) -> Offences:
    """Databases of another cluster or namespace."""
    expected = (inventory.platform["postgres-namespace"], inventory.platform["postgres-cluster"])
    for database in inventory.of("Database"):
        cluster = (database.spec.get("cluster") or {}).get("name")
        if (database.namespace, cluster) != expected:
            yield database, f"is in {database.namespace}/{cluster}, not {'/'.join(expected)}"


@check(
    "database.E006",
    "An app's namespace carries the label that opens the way to the database.",
    hint="label the Namespace with the platform's client label",
    because="The platform's NetworkPolicy lets no other namespace through to PostgreSQL.",
)
def namespaces_shut_out(inventory: Inventory) -> Offences:
    """Namespaces whose pods would wait for a database that they cannot reach."""
    label, cluster = (
        inventory.platform["postgres-client-label"],
        inventory.platform["postgres-cluster"],
    )
    for namespace in inventory.of("Namespace"):
        if namespace.labels.get(label) != cluster:
            yield namespace, f"lacks the label {label}={cluster}"
