"""The app's database: its own, in the shared cluster, and never lost by a sync."""

from collections.abc import Callable
from itertools import chain

from ops.gate.checks.sync_checks import unkept
from ops.gate.inventory import Inventory
from ops.gate.policy import Offences, check
from ops.kinds.database import Database
from ops.kinds.database_role import DatabaseRole
from ops.kinds.namespace import Namespace
from railiance.postgres import credentials_name, reaches_outside


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
    "A Database and its DatabaseRole are neither pruned by a sync nor deleted with their"
    " Application.",
    hint="annotate it with sync-options: Prune=false,Delete=false",
    because="A sync must never lose data.",
)
def databases_pruned(inventory: Inventory) -> Offences:
    """Databases and roles without both options."""
    for manifest in chain(unkept(inventory, Database), unkept(inventory, DatabaseRole)):
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
    for manifest, role in inventory.objects(DatabaseRole):
        if role.spec.name in reserved:
            yield manifest, f"declares {role.spec.name!r}"
    yield from _shared(inventory, lambda database: database.spec.owner, "owner")


@check(
    "database.E004",
    "A database is declared by one Database, and belongs to no other service.",
    hint="declare a database for this app only",
    because="CloudNativePG refuses a second object for the same name, and two apps would share"
    " their tables. A database that is there already is adopted, and given to the app's role.",
)
def databases_reused(inventory: Inventory) -> Offences:
    """Databases of the same name in PostgreSQL, of other services, or PostgreSQL's own."""
    reserved = {*inventory.platform.reserved_roles, "postgres", "template0", "template1"}
    for manifest, database in inventory.objects(Database):
        if database.spec.name in reserved:
            yield manifest, f"is {database.spec.name!r}, which belongs to another service"
    yield from _shared(inventory, lambda database: database.spec.name, "name")


def _shared(inventory: Inventory, read: Callable[[Database], str], field: str) -> Offences:
    first: dict[str, object] = {}
    for manifest, database in inventory.objects(Database):
        other = first.setdefault(read(database), manifest)
        if other is not manifest:
            yield manifest, f"has the {field} {read(database)!r} of {other}"


@check(
    "database.E005",
    "A Database and its DatabaseRole are in the shared cluster, and in that cluster's namespace.",
    hint="use the platform's cluster and its namespace",
    because="CloudNativePG looks for the Cluster in the object's own namespace.",
)
def databases_elsewhere(inventory: Inventory) -> Offences:
    """Databases and roles of another cluster or namespace."""
    expected = (inventory.platform.postgres_namespace, inventory.platform.postgres_cluster)
    databases, roles = inventory.objects(Database), inventory.objects(DatabaseRole)
    clusters = {manifest: database.spec.cluster.name for manifest, database in databases}
    clusters |= {manifest: role.spec.cluster.name for manifest, role in roles}
    for manifest, cluster in clusters.items():
        found = (manifest.namespace, cluster)
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


@check(
    "database.E007",
    "A Database's extensions are present, and none reaches outside of it.",
    hint="set ensure: present, and do without the extension",
    because="With `absent`, CloudNativePG drops the extension with everything that depends on it."
    " Safety contract: a role scoped to a single database.",
)
def extensions_refused(inventory: Inventory) -> Offences:
    """Extensions that would be dropped, or that read other databases or the server's files."""
    for manifest, database in inventory.objects(Database):
        for extension in database.spec.extensions:
            if extension.ensure != "present":
                yield manifest, f"extension {extension.name} has ensure {extension.ensure!r}"
            if reaches_outside(extension.name):
                yield manifest, f"extension {extension.name} reaches outside of the database"


@check(
    "database.E008",
    "A DatabaseRole may log in, and has no other right.",
    hint="set login: true, and superuser, createdb, createrole and replication to false",
    because="Safety contract: a dedicated role scoped to a single database, never a superuser.",
)
def roles_with_rights(inventory: Inventory) -> Offences:
    """Roles that may do more than log in, or may not even do that."""
    for manifest, role in inventory.objects(DatabaseRole):
        spec = role.spec
        rights = {
            "superuser": spec.superuser,
            "createdb": spec.createdb,
            "createrole": spec.createrole,
            "replication": spec.replication,
        }
        for right in (name for name, given in rights.items() if given):
            yield manifest, f"has {right}"
        if not spec.login:
            yield manifest, "may not log in"


@check(
    "database.E009",
    "A DatabaseRole is retained when its object is deleted.",
    hint="set databaseRoleReclaimPolicy: retain",
    because="With `delete`, CloudNativePG drops the role, and no pod can log in.",
)
def roles_dropped(inventory: Inventory) -> Offences:
    """Roles that could be dropped by the operator."""
    for manifest, role in inventory.objects(DatabaseRole):
        if role.spec.database_role_reclaim_policy != "retain":
            yield manifest, "is not retained"


@check(
    "database.E010",
    "A DatabaseRole takes its password from the Secret that is named after the role.",
    hint="name the Secret that `ops secrets apply` writes: <role>-app-credentials",
    because="With another Secret, the role would get the password of another app's role.",
)
def roles_with_other_passwords(inventory: Inventory) -> Offences:
    """Roles that read another Secret, or none."""
    for manifest, role in inventory.objects(DatabaseRole):
        found, expected = role.spec.password_secret.name, credentials_name(role.spec.name)
        if found != expected:
            yield manifest, f"reads Secret {found or 'of no name'}, not {expected}"


@check(
    "database.E011",
    "With CloudNativePG 1.30 the owner of each Database is declared beside it; before, by the"
    " platform.",
    hint="render both with the project's constructs, for the platform's version of CloudNativePG",
    because="Nothing else creates the role; and before 1.30 the cluster knows no DatabaseRole.",
)
def roles_undeclared(inventory: Inventory) -> Offences:
    """Databases without their role, roles without their database, or roles that come too early."""
    declares = inventory.platform.declares_roles
    roles = {(m.file, role.spec.name): m for m, role in inventory.objects(DatabaseRole)}
    owners = {(m.file, database.spec.owner) for m, database in inventory.objects(Database)}
    for (file, name), manifest in roles.items():
        if not declares:
            yield manifest, "is rendered for a platform that has no such kind"
        elif (file, name) not in owners:
            yield manifest, f"owns no Database in {file.name}"
    for manifest, database in inventory.objects(Database):
        if declares and (manifest.file, database.spec.owner) not in roles:
            yield manifest, f"its owner {database.spec.owner} is not declared in the same file"
