"""Which fields apps set, and that an app is whole: a person looks at everything else first.

The fields of a kind are those that the constructs render and that other checks judge, as its entry
lists them. Any other field, whatever it does, is reported.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ops import kinds
from ops.documents.manifest import Manifest
from ops.gate.inventory import Inventory
from ops.gate.policy import SUBJECT, Offences, check
from ops.kinds.database import Database
from ops.kinds.description.kind import Owner
from ops.kinds.description.reference import Reference
from ops.kinds.namespace import Namespace
from ops.kinds.persistent_volume_claim import PersistentVolumeClaim
from ops.kinds.service import Service

SETS = "sets "
GUARDED_FIELD = "securityContext"
ALWAYS: Mapping[str, Any] = {"apiVersion": {}, "kind": {}, "metadata": {"*": {}}}
"""What every object has."""


def _unexpected(node: Any, tree: Mapping[str, Any], path: str) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _unexpected(item, tree, path)
    elif isinstance(node, dict) and "*" not in tree:
        for field, value in node.items():
            place = f"{path}.{field}" if path else field
            if field in tree:
                yield from _unexpected(value, tree[field], place)
            else:
                yield place


def _acceptable(manifest: Manifest, message: str) -> str | None:
    """The field, unless the safety contract depends on what it may hold."""
    field = message.removeprefix(SETS)
    is_guarded = manifest.entry is not None and manifest.entry.guarded
    return None if is_guarded or GUARDED_FIELD in field.split(".") else field


@check(
    "shape.E001",
    "Only fields that apps are known to need are set; any other needs a reason.",
    hint="remove it, or if it is intended annotate the object with"
    f' silence.railiance.io/shape.E001: "{SUBJECT}: REASON"',
    because="Schemas allow fields that defeat other checks: additional sources of an "
    "Application, capabilities, hostPath volumes, another database's schemas. Fields "
    "of Applications, AppProjects, Databases and security contexts are part of the "
    "safety contract, and no annotation silences them.",
    subject=_acceptable,
)
def fields_unexpected(inventory: Inventory) -> Offences:
    """Fields that neither a construct renders nor another check judges."""
    for manifest in inventory.described:
        assert manifest.entry
        known = {**ALWAYS, "spec": {}, **manifest.entry.fields.fields}
        for field in _unexpected(manifest.content, known, ""):
            yield manifest, f"{SETS}{field}"


@check(
    "shape.E002",
    "An app is complete.",
    hint="render it with the project's constructs",
    because="What is missing is pruned: without its migrate Job new code meets an old schema,"
    " without its Service the Ingress leads nowhere.",
)
def apps_incomplete(inventory: Inventory) -> Offences:
    """Namespaces in which a kind is missing that every app has, or files without a Database."""
    needed = [entry.kind for entry in kinds.every() if entry.needed]
    with_database = {database.file for database, _ in inventory.objects(Database)}
    for namespace, _ in inventory.objects(Namespace):
        there = {m.kind for m in inventory.in_namespace.get(namespace.name, ())}
        if namespace.file in with_database:
            there.add(kinds.by_model(Database).kind)
        if missing := [kind for kind in needed if kind not in there]:
            yield namespace, f"has no {', '.join(missing)}"
        elif not any(web.manifest.namespace == namespace.name for web in inventory.web):
            yield namespace, "has no web Deployment"


@check(
    "shape.E003",
    "Every object that a document references is rendered too.",
    hint="render both from the same declaration",
    because="Without its ServiceAccount or PersistentVolumeClaim a pod never starts; without "
    "its Service an Ingress answers 404.",
)
def references_broken(inventory: Inventory) -> Offences:
    """Accounts, claims and Services that are named but not there, and claims nobody mounts."""
    used = set()
    for manifest in inventory.described:
        assert manifest.entry
        for reference in sorted(manifest.entry.references(manifest.object)):
            used.add((manifest.namespace, reference))
            if _is_rendered_kind(reference) and not inventory.find(reference, manifest.namespace):
                yield manifest, f"there is no {reference.kind} {reference.name}"
    claim_kind = kinds.by_model(PersistentVolumeClaim).kind
    for claim, _ in inventory.objects(PersistentVolumeClaim):
        if (claim.namespace, Reference(claim_kind, claim.name)) not in used:
            yield claim, "is mounted by no pod"


def _is_rendered_kind(reference: Reference) -> bool:
    """Whether an app renders such objects; Secrets are applied separately."""
    entry = kinds.by_name(reference.kind)
    return entry is not None and entry.owner is Owner.APP and reference.kind != "Secret"


@check(
    "shape.E004",
    "A Service selects only the web pods, or only Valkey's, or only the maintenance page's, and"
    " targets a port that they have.",
    hint="select by name and component, and name the container's port",
    because="A Service that selects the migrate pod too sends visitors to it; one that selects"
    " nothing answers 503.",
)
def services_astray(inventory: Inventory) -> Offences:
    """Services that select another pod, or none, or a port that is not there."""
    for manifest, service in inventory.objects(Service):
        selected = [
            workload
            for workload in inventory.workloads_by_namespace.get(manifest.namespace, ())
            if service.spec.selector.items() <= workload.labels.items()
        ]
        serving = [w for w in selected if w in inventory.web]
        valkey = [w for w in selected if inventory.is_valkey(w)]
        page = [w for w in selected if w in inventory.maintenance]
        if not selected or selected not in (serving, valkey, page):
            yield manifest, f"selects {', '.join(str(w.manifest) for w in selected) or 'nothing'}"
            continue
        ports = {port.name for w in selected for c in w.containers for port in c.ports}
        for port in service.spec.ports:
            if port.target_port not in ports:
                yield manifest, f"targets port {port.target_port!r}, which no pod has"
