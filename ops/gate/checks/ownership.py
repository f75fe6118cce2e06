"""What is an app's to declare, and what belongs to the platform or to another app."""

from ops.gate.inventory import Inventory
from ops.gate.policy import Offences, check

OF_AN_APP = {
    ("", "Namespace"),
    ("", "ServiceAccount"),
    ("", "Service"),
    ("", "PersistentVolumeClaim"),
    ("", "Secret"),  # an error of its own, secrets.E001
    ("apps", "Deployment"),
    ("batch", "Job"),
    ("networking.k8s.io", "Ingress"),
    ("networking.k8s.io", "NetworkPolicy"),
    ("cert-manager.io", "Certificate"),
    ("traefik.io", "Middleware"),
    ("postgresql.cnpg.io", "Database"),
    ("argoproj.io", "Application"),
    ("argoproj.io", "AppProject"),
}
RIGHTS = "rbac.authorization.k8s.io"


@check(
    "ownership.E001",
    "No rights in the cluster are given.",
    hint="remove it; an app needs no rights towards the API server",
    because="Roles and bindings are the platform's; a pod that can ask the API server for Secrets"
    " is a way around all else here.",
)
def rights_given(inventory: Inventory) -> Offences:
    """Roles, ClusterRoles and their bindings."""
    for manifest in inventory.manifests:
        if manifest.group == RIGHTS:
            yield manifest, "gives rights"


@check(
    "ownership.E002",
    "Only kinds that apps are made of are rendered.",
    hint="declare it in the repository that owns it, such as railiance-platform",
    because="PostgreSQL clusters, issuers and classes belong to the platform; safety contract:"
    " changes to the shared cluster are a railiance-platform task.",
)
def kinds_of_others(inventory: Inventory) -> Offences:
    """Kinds such as CloudNativePG's Cluster or cert-manager's ClusterIssuer."""
    for manifest in inventory.manifests:
        if (manifest.group, manifest.kind) not in OF_AN_APP and manifest.group != RIGHTS:
            yield manifest, f"{manifest.content['apiVersion']} {manifest.kind} is not an app's"


@check(
    "ownership.E003",
    "A document stands in its own app's namespace.",
    hint="move it to the file of the app that owns the namespace",
    because="An app's project allows its own namespace and, for its Database, the databases'; a"
    " document elsewhere would never sync.",
)
def namespaces_of_others(inventory: Inventory) -> Offences:
    """Documents in a namespace that their file does not declare."""
    declared = {(namespace.file, namespace.name) for namespace in inventory.of("Namespace")}
    for manifest in inventory.apps:
        if manifest.kind in ("Namespace", "Database") or not manifest.namespace:
            continue
        if (manifest.file, manifest.namespace) not in declared:
            yield manifest, f"{manifest.file.name} declares no namespace {manifest.namespace}"
