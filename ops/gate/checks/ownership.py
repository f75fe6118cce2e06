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
OF_THE_PLATFORM = {
    *("admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io"),
    *("certificates.k8s.io", "discovery.k8s.io", "events.k8s.io", "flowcontrol.apiserver.k8s.io"),
    *("gateway.networking.k8s.io", "node.k8s.io", "scheduling.k8s.io", "storage.k8s.io"),
    *("acme.cert-manager.io", "argoproj.io", "cert-manager.io", "postgresql.cnpg.io", "traefik.io"),
    *("helm.cattle.io", "k3s.cattle.io"),
}
"""Groups of which no other kind is an app's."""
OTHERS_OF_THE_PLATFORM = {
    *("Endpoints", "IngressClass", "LimitRange", "Node", "PersistentVolume", "ResourceQuota"),
}
WITH_PODS = {
    *("CronJob", "DaemonSet", "Pod", "PodTemplate", "ReplicaSet", "ReplicationController"),
    "StatefulSet",
}
"""Kinds into whose pods no check looks."""


def is_known(group: str, kind: str) -> bool:
    """Whether apps are rendered with this kind."""
    return (group, kind) in OF_AN_APP


def is_guarded(group: str, kind: str) -> bool:
    """Whether the safety contract forbids an app to bring this kind, whatever the reason."""
    others = OTHERS_OF_THE_PLATFORM | WITH_PODS
    return not is_known(group, kind) and (group in OF_THE_PLATFORM or kind in others)


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
    "No kind is rendered that is the platform's, or whose pods no check looks into.",
    hint="declare it in the repository that owns it, such as railiance-platform",
    because="PostgreSQL clusters, issuers and classes belong to the platform; safety contract:"
    " changes to the shared cluster are a railiance-platform task.",
)
def kinds_of_others(inventory: Inventory) -> Offences:
    """Kinds such as CloudNativePG's Cluster, cert-manager's ClusterIssuer, or a bare Pod."""
    for manifest in inventory.manifests:
        if is_guarded(manifest.group, manifest.kind):
            yield manifest, f"{manifest.content['apiVersion']} {manifest.kind} is not an app's"


@check(
    "shape.E005",
    "Only kinds are rendered that apps are known to need, or that their object says are intended.",
    hint="remove it, or if it is intended annotate it with silence.railiance.io/shape.E005: REASON",
    because="Of a kind that nothing here knows, no check judges the content: whoever reads the"
    " pull request has to.",
)
def kinds_unknown(inventory: Inventory) -> Offences:
    """Kinds that neither a construct renders nor the platform owns, such as a ConfigMap."""
    for manifest in inventory.manifests:
        group, kind = manifest.group, manifest.kind
        if not is_known(group, kind) and not is_guarded(group, kind) and group != RIGHTS:
            yield manifest, f"{manifest.content['apiVersion']} {kind} is unknown here"


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
