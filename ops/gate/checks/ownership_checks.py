"""What is an app's to declare, and what belongs to the platform or to another app."""

from ops import kinds
from ops.gate.inventory import Inventory
from ops.gate.policy import Offences, check
from ops.kinds.database import Database
from ops.kinds.database_role import DatabaseRole
from ops.kinds.description.kind import Owner
from ops.kinds.namespace import Namespace


def _owned_by(inventory: Inventory, owner: Owner, problem: str) -> Offences:
    for manifest in inventory.manifests:
        if kinds.owner(manifest.group, manifest.kind) is owner:
            yield manifest, f"{manifest.api_version} {manifest.kind} {problem}"


@check(
    "ownership.E001",
    "No RBAC permissions are granted.",
    hint="remove it; an app needs no permissions on the API server",
    because="Roles and bindings belong to the platform; a pod that can read Secrets from the "
    "API server bypasses every other check.",
)
def rights_given(inventory: Inventory) -> Offences:
    """Roles, ClusterRoles and their bindings."""
    yield from _owned_by(inventory, Owner.RIGHTS, "gives rights")


@check(
    "ownership.E002",
    "No kind that belongs to the platform is rendered.",
    hint="declare it in the repository that owns it, such as railiance-platform",
    because="PostgreSQL clusters, issuers, classes and bare pods belong to the platform; safety"
    " contract: changes to the shared cluster are a railiance-platform task.",
)
def kinds_of_others(inventory: Inventory) -> Offences:
    """Kinds such as CloudNativePG's Cluster, cert-manager's ClusterIssuer, or a bare Pod."""
    yield from _owned_by(inventory, Owner.PLATFORM, "is not an app's")


@check(
    "shape.E005",
    "Only kinds that apps are known to need are rendered; any other needs a reason.",
    hint="remove it, or if it is intended annotate it with silence.railiance.io/shape.E005: REASON",
    because="No check covers the content of other kinds: the reviewer of the pull request has to.",
)
def kinds_unknown(inventory: Inventory) -> Offences:
    """Kinds that neither a construct renders nor the platform owns, such as a ConfigMap."""
    yield from _owned_by(inventory, Owner.OPTIONAL, "is not a kind that apps are known to need")


@check(
    "ownership.E003",
    "A document is in its own app's namespace.",
    hint="move it to the file of the app that owns the namespace",
    because="An app's project allows its own namespace and, for its Database and DatabaseRole, the"
    " databases'; a document elsewhere would never sync.",
)
def namespaces_of_others(inventory: Inventory) -> Offences:
    """Documents in a namespace that their file does not declare."""
    declared = {(namespace.file, namespace.name) for namespace, _ in inventory.objects(Namespace)}
    elsewhere = (kinds.by_model(Database), kinds.by_model(DatabaseRole))
    for manifest in inventory.apps:
        if manifest.entry in elsewhere or not manifest.namespace:
            continue
        if (manifest.file, manifest.namespace) not in declared:
            yield manifest, f"{manifest.file.name} declares no namespace {manifest.namespace}"


@check(
    "ownership.E004",
    "No app has the name of a namespace of the platform.",
    hint="rename the app",
    because="Its AppProject would allow changes in that namespace, such as Argo CD's own.",
)
def namespaces_of_the_platform(inventory: Inventory) -> Offences:
    """Namespaces such as Argo CD's; argocd.E002 holds a project to its app's own."""
    for manifest, _ in inventory.objects(Namespace):
        if inventory.platform.has_namespace(manifest.name):
            yield manifest, "is a namespace of the platform"
