"""Which fields apps set: whatever else a schema allows is looked at by a person first.

The tree of each kind holds what the constructs render and what other checks judge. It is what
keeps a field that nobody here thought of, with whatever it would do, from passing unnoticed.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ops.gate.inventory import Inventory
from ops.gate.policy import SUBJECT, Offences, check
from ops.manifests import Manifest

ANY = None
"""Below here, every field."""

Tree = Mapping[str, Any]


def _tree(*paths: str | tuple[str, ...]) -> Tree:
    """The nested fields of dotted paths; a path that ends in `*` allows everything below.

    A path in which a field has a dot itself is given as its fields.
    """
    tree: dict[str, Any] = {}
    for path in paths:
        *parents, last = path.split(".") if isinstance(path, str) else path
        node = tree
        for parent in parents:
            node = node.setdefault(parent, {})
        if last == "*":
            node["*"] = ANY
        else:
            node.setdefault(last, {})
    return tree


_PROBE = tuple(
    f"{probe}.{field}"
    for probe in ("startupProbe", "readinessProbe", "livenessProbe")
    for field in (
        *("httpGet.path", "httpGet.port", "httpGet.scheme"),
        *("httpGet.httpHeaders.name", "httpGet.httpHeaders.value"),
        *("periodSeconds", "timeoutSeconds", "successThreshold", "failureThreshold"),
    )
)
_CONTAINER = (
    *("name", "image", "imagePullPolicy", "env.name", "env.value"),
    *("env.valueFrom.secretKeyRef.name", "env.valueFrom.secretKeyRef.key", "envFrom.*"),
    *("resources.requests.*", "resources.limits.*"),
    *("securityContext.allowPrivilegeEscalation", "securityContext.readOnlyRootFilesystem"),
    *("securityContext.capabilities.drop", "securityContext.privileged"),
    *("volumeMounts.name", "volumeMounts.mountPath"),
    *("ports.name", "ports.containerPort", "ports.protocol", "ports.hostPort"),
    *("lifecycle.preStop.sleep.seconds", "command"),
    *_PROBE,
)
_POD = (
    *("serviceAccountName", "automountServiceAccountToken", "enableServiceLinks"),
    *("securityContext.runAsNonRoot", "securityContext.runAsUser", "securityContext.runAsGroup"),
    *("securityContext.fsGroup", "securityContext.fsGroupChangePolicy"),
    *("securityContext.seccompProfile.type", "restartPolicy", "terminationGracePeriodSeconds"),
    *("volumes.name", "volumes.emptyDir.sizeLimit", "volumes.persistentVolumeClaim.claimName"),
    *("volumes.hostPath.*", "hostNetwork", "hostPID", "hostIPC"),
    *(f"{kind}.{field}" for kind in ("containers", "initContainers") for field in _CONTAINER),
)
_TEMPLATE: tuple[str | tuple[str, ...], ...] = (
    "template.metadata.labels.*",
    ("template", "metadata", "annotations", "railiance.io/secrets-digest"),
    *(f"template.spec.{field}" for field in _POD),
)

SPECS: Mapping[str, Tree] = {
    "Namespace": {},
    "ServiceAccount": {},
    "Database": _tree("name", "owner", "cluster.name", "ensure", "databaseReclaimPolicy"),
    "NetworkPolicy": _tree(
        *("podSelector.*", "policyTypes", "ingress.from.*", "ingress.ports.protocol"),
        "ingress.ports.port",
    ),
    "Job": _tree(
        *("activeDeadlineSeconds", "backoffLimit", "completions", "parallelism"),
        *("ttlSecondsAfterFinished", *_TEMPLATE),
    ),
    "Deployment": _tree(
        *("replicas", "revisionHistoryLimit", "progressDeadlineSeconds", "selector.matchLabels.*"),
        *("strategy.*", *_TEMPLATE),
    ),
    "Service": _tree("type", "selector.*", "ports.*", "externalIPs"),
    "PersistentVolumeClaim": _tree(
        "accessModes", "storageClassName", "volumeMode", "resources.requests.*"
    ),
    "Certificate": _tree(
        *("secretName", "dnsNames", "issuerRef.*", "privateKey.algorithm", "privateKey.size"),
        "privateKey.rotationPolicy",
    ),
    "Ingress": _tree("ingressClassName", "tls.*", "rules.*", "defaultBackend.*"),
    "Middleware": _tree("redirectScheme.scheme", "redirectScheme.permanent"),
    "Application": _tree(
        *("project", "source.repoURL", "source.targetRevision", "source.path"),
        *("source.directory.include", "destination.server", "destination.namespace"),
        *("syncPolicy.automated.prune", "syncPolicy.automated.selfHeal"),
        *("syncPolicy.automated.allowEmpty", "syncPolicy.syncOptions", "syncPolicy.retry.*"),
    ),
    "AppProject": _tree(
        *("description", "sourceRepos", "destinations.*", "clusterResourceWhitelist.*"),
        "namespaceResourceWhitelist.*",
    ),
}
SETS = "sets "
GUARDED_KINDS = {"Application", "AppProject", "Database"}
GUARDED_FIELD = "securityContext"
BESIDE_SPEC = {"apiVersion", "kind", "metadata", "spec", "automountServiceAccountToken", "type"}


def _unexpected(node: Any, tree: Tree, path: str) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _unexpected(item, tree, path)
    elif isinstance(node, dict) and "*" not in tree:
        for field, value in node.items():
            if field in tree:
                yield from _unexpected(value, tree[field], f"{path}.{field}")
            else:
                yield f"{path}.{field}"


def _acceptable(manifest: Manifest, message: str) -> str | None:
    """The field, unless the safety contract depends on what may stand there."""
    field = message.removeprefix(SETS)
    guarded = manifest.kind in GUARDED_KINDS or GUARDED_FIELD in field.split(".")
    return None if guarded else field


@check(
    "shape.E001",
    "Only fields are set that apps are known to need, or that their object says are intended.",
    hint="remove it, or if it is intended annotate the object with"
    f' silence.railiance.io/shape.E001: "{SUBJECT}: REASON"',
    because="Schemas allow much that undoes a rule here: further sources of an Application,"
    " capabilities, volumes of the node, another database's schemas. Fields of Applications,"
    " AppProjects, Databases and security contexts are part of the safety contract, and no"
    " annotation accepts them.",
    subject=_acceptable,
)
def fields_unexpected(inventory: Inventory) -> Offences:
    """Fields that neither a construct renders nor another check judges."""
    for kind, tree in SPECS.items():
        for manifest in inventory.of(kind):
            beside = sorted(set(manifest.content) - BESIDE_SPEC)
            for field in [*beside, *_unexpected(manifest.spec, tree, "spec")]:
                yield manifest, f"{SETS}{field}"


NEEDED = (
    *("ServiceAccount", "NetworkPolicy", "Job", "Deployment", "Service", "Certificate", "Ingress"),
    "Middleware",
)


@check(
    "shape.E002",
    "An app is complete.",
    hint="render it with the project's constructs",
    because="What is missing is pruned: without its migrate Job new code meets an old schema,"
    " without its Service the Ingress leads nowhere.",
)
def apps_incomplete(inventory: Inventory) -> Offences:
    """Namespaces in which a kind is missing that every app has, or files without a Database."""
    with_database = {database.file for database in inventory.of("Database")}
    for namespace in inventory.of("Namespace"):
        missing = [kind for kind in NEEDED if not inventory.of(kind, namespace.name)]
        if namespace.file not in with_database:
            missing.append("Database")
        if missing:
            yield namespace, f"has no {', '.join(missing)}"


@check(
    "shape.E003",
    "What a document refers to is rendered too.",
    hint="render both from the same declaration",
    because="A pod without its account or claim is never created; an Ingress without its Service"
    " answers 404.",
)
def references_broken(inventory: Inventory) -> Offences:
    """Accounts, claims and Services that are named but not there, and claims nobody mounts."""
    mounted = set()
    for workload in inventory.workloads:
        space = workload.manifest.namespace
        mounted |= {(space, claim) for claim in workload.claims}
        account = workload.pod.get("serviceAccountName", "default")
        if account != "default" and not inventory.find("ServiceAccount", space, account):
            yield workload.manifest, f"there is no ServiceAccount {account}"
        for name in workload.claims:
            if not inventory.find("PersistentVolumeClaim", space, name):
                yield workload.manifest, f"there is no PersistentVolumeClaim {name}"
    for claim in inventory.of("PersistentVolumeClaim"):
        if (claim.namespace, claim.name) not in mounted:
            yield claim, "is mounted by no pod"
    for ingress in inventory.of("Ingress"):
        for service in _backends(ingress.spec):
            if not inventory.find("Service", ingress.namespace, service):
                yield ingress, f"there is no Service {service}"


def _backends(spec: Mapping[str, Any]) -> Iterator[str]:
    for rule in spec.get("rules") or []:
        for path in (rule.get("http") or {}).get("paths") or []:
            yield (path["backend"].get("service") or {}).get("name", "")


@check(
    "shape.E004",
    "A Service leads to the web pods alone, on a port that they have.",
    hint="select by name and component, and name the container's port",
    because="A Service that selects the migrate pod too sends visitors to it; one that selects"
    " nothing answers 503.",
)
def services_astray(inventory: Inventory) -> Offences:
    """Services that select a migrate pod, or no web pod, or a port that is not there."""
    for service in inventory.of("Service"):
        selected = [
            workload
            for workload in inventory.workloads_by_namespace.get(service.namespace, ())
            if (service.spec.get("selector") or {}).items() <= workload.labels.items()
        ]
        if {workload.manifest.kind for workload in selected} != {"Deployment"}:
            yield service, f"selects {', '.join(str(w.manifest) for w in selected) or 'nothing'}"
            continue
        ports = {
            p.get("name") for w in selected for c in w.containers for p in c.get("ports") or []
        }
        for port in service.spec.get("ports") or []:
            if port.get("targetPort") not in ports:
                yield service, f"leads to the port {port.get('targetPort')!r}, which no pod names"
