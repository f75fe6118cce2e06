"""What Argo CD syncs, and what it may change for that."""

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

from ops import kinds
from ops.documents.manifest import Manifest
from ops.gate.inventory import Inventory
from ops.gate.policy import Offences, check
from ops.kinds.app_project import AllowedKind, AppProject
from ops.kinds.application import Application, Automated, Destination, Source
from ops.kinds.description.reference import Reference
from ops.kinds.namespace import Namespace

NEEDED_OPTIONS = {"ServerSideApply=true"}
ROOT_FILES = ("argocd", "*.yaml")
"""The folder that the root Application reads, and which files."""
IN_CLUSTER = "https://kubernetes.default.svc"


def _app_applications(inventory: Inventory) -> Iterator[tuple[Manifest, Application]]:
    """Applications that read manifests of apps: all but the root one, which has the node's name."""
    for manifest, application in inventory.objects(Application):
        if manifest.name != inventory.platform.name:
            yield manifest, application


def _app_projects(inventory: Inventory) -> Iterator[tuple[Manifest, AppProject]]:
    """Projects of apps: all but the root Application's, which has the node's name."""
    for manifest, project in inventory.objects(AppProject):
        if manifest.name != inventory.platform.name:
            yield manifest, project


def _root_projects(inventory: Inventory) -> Iterator[tuple[Manifest, AppProject]]:
    """The root Application's project."""
    for manifest, project in inventory.objects(AppProject):
        if manifest.name == inventory.platform.name:
            yield manifest, project


def _documents(application: Application, inventory: Inventory) -> Sequence[Manifest]:
    """What the Application would sync, of the documents at hand."""
    source = application.spec.source or Source()
    folder, include = source.path, source.directory.include or "*"
    if (folder, include) in inventory.files:
        return inventory.files[folder, include]
    return [
        manifest
        for (parent, name), manifests in inventory.files.items()
        if parent == folder and fnmatch(name, include)
        for manifest in manifests
    ]


def _project(application: Application, inventory: Inventory) -> Manifest | None:
    reference = Reference(kinds.by_model(AppProject).kind, application.spec.project)
    return inventory.find(reference, application.namespace)


def _kinds(manifests: Iterable[Manifest]) -> set[tuple[str, str]]:
    return {(manifest.group, manifest.kind) for manifest in manifests}


@check(
    "argocd.E001",
    "A project allows exactly the kinds that its app renders.",
    hint="run `make synth`",
    because="A missing kind never syncs; an extra kind is a permission nobody needs.",
)
def whitelists_that_differ(inventory: Inventory) -> Offences:
    """Projects whose namespaceResourceWhitelist is not what is rendered."""
    own_namespace = kinds.by_model(Namespace)
    for manifest, application in _app_applications(inventory):
        project = _project(application, inventory)
        if not project:
            continue
        whitelist = project.typed(AppProject).spec.namespace_resource_whitelist
        allowed = {(entry.group, entry.kind) for entry in whitelist}
        documents = _documents(application, inventory)
        rendered = _kinds(m for m in documents if m.entry is not own_namespace)
        differences = {"renders": rendered - allowed, "does not render": allowed - rendered}
        for verb, other in differences.items():
            if other:
                listed = ", ".join(f"{group or 'core'}/{kind}" for group, kind in sorted(other))
                yield project, f"{manifest.name} {verb} {listed}"


@check(
    "argocd.E002",
    "A project deploys only to its app's namespace and the databases', on this cluster.",
    hint="run `make synth`",
    because="A document for another app's namespace must be refused.",
)
def destinations_too_wide(inventory: Inventory) -> Offences:
    """Projects whose destinations are not exactly those two, and Applications with another."""
    platform = inventory.platform
    for manifest, project in _app_projects(inventory):
        names = (manifest.name, platform.postgres_namespace)
        if project.spec.destinations != [_in_cluster(name) for name in names]:
            yield manifest, f"deploys to {_listed(project.spec.destinations)}"
    for manifest, application in inventory.objects(Application):
        is_root = manifest.name == platform.name
        namespace = platform.argocd_namespace if is_root else application.spec.project
        if application.spec.destination != _in_cluster(namespace):
            yield manifest, f"deploys to {_listed([application.spec.destination])}"


def _in_cluster(namespace: str) -> Destination:
    return Destination(server=IN_CLUSTER, namespace=namespace)


def _listed(destinations: Iterable[Destination]) -> str:
    found = [f"{d.namespace} on {d.server or d.name}" for d in destinations]
    return ", ".join(found) or "nowhere"


@check(
    "argocd.E003",
    "Applications and projects read this repository only, at the platform's revision.",
    hint="use the platform's repository and revision",
    because="Changes in another repository are not reviewed here.",
)
def sources_elsewhere(inventory: Inventory) -> Offences:
    """Sources that are not this repository."""
    url, revision = inventory.platform.repository_url, inventory.platform.revision
    for manifest, project in inventory.objects(AppProject):
        if project.spec.source_repos != [url]:
            yield manifest, f"reads {', '.join(project.spec.source_repos) or 'nothing'}"
    for manifest, application in inventory.objects(Application):
        source = application.spec.source or Source()
        if (source.repo_url, source.target_revision) != (url, revision):
            yield manifest, f"reads {source.repo_url} at {source.target_revision}"


@check(
    "argocd.E009",
    "An Application reads YAML files by their names: an app's its own one in dist/, the root one "
    "those of argocd/.",
    hint="run `make synth`",
    because="Argo CD takes a folder without named files for what a file in it, such as "
    "Kustomization, makes of it; and what no Application reads is pruned.",
)
def sources_unnamed(inventory: Inventory) -> Offences:
    """Applications with another source; shape.E001 finds more of them, and further fields."""
    for manifest, application in inventory.objects(Application):
        is_root = manifest.name == inventory.platform.name
        folder, include = ROOT_FILES if is_root else ("dist", f"{manifest.name}.k8s.yaml")
        source = application.spec.source or Source()
        if (source.path, source.directory.include) != (folder, include):
            found = source.directory.include or "all files"
            yield manifest, f"reads {found} in {source.path or 'no folder'}"


@check(
    "argocd.E004",
    "Applications sync, prune and self-heal automatically, by server-side apply, and retry.",
    hint="run `make synth`",
    because="The cluster must match git, and a transient failure must not need an operator.",
)
def syncs_by_hand(inventory: Inventory) -> Offences:
    """Applications that lack a part of the sync policy."""
    for manifest, application in inventory.objects(Application):
        policy = application.spec.sync_policy
        if policy.automated != Automated(prune=True, self_heal=True):
            yield manifest, "does not prune and self-heal, or allows an empty sync"
        if not NEEDED_OPTIONS.issubset(policy.sync_options):
            yield manifest, "does not use server-side apply"
        if not (policy.retry.limit and policy.retry.backoff.duration):
            yield manifest, "does not retry with exponential backoff"


@check(
    "argocd.E005",
    "Every file of an app is synced by one Application, in the app's own project.",
    hint="run `make synth`",
    because="A file that no Application reads is never deployed, and nothing reports it.",
)
def files_unread(inventory: Inventory) -> Offences:
    """Files without an Application, Applications without file or project, unused projects."""
    read: set[Path] = set()
    used: set[Manifest | None] = set()
    for manifest, application in _app_applications(inventory):
        documents = _documents(application, inventory)
        read |= {document.file for document in documents}
        if not documents:
            yield manifest, "reads no document"
        project = _project(application, inventory)
        used.add(project)
        if not project or project.name != manifest.name:
            yield manifest, f"has no AppProject {manifest.name!r} of its own"
    for file, first in {m.file: m for m in reversed(inventory.apps)}.items():
        if file not in read:
            yield first, f"no Application reads {file.name}"
    for manifest, _ in _app_projects(inventory):
        if manifest not in used:
            yield manifest, "is used by no Application"


@check(
    "argocd.E006",
    "A project allows one cluster-scoped object only: its app's own Namespace.",
    hint="run `make synth`",
    because="Safety contract: cluster-level resources are not edited from this repository.",
)
def cluster_wide_allowed(inventory: Inventory) -> Offences:
    """Projects that allow more."""
    for manifest, project in _app_projects(inventory):
        own = AllowedKind(kind=kinds.by_model(Namespace).kind, name=manifest.name)
        if project.spec.cluster_resource_whitelist != [own]:
            yield manifest, "allows cluster-scoped objects other than its own Namespace"


@check(
    "argocd.E007",
    "The root Application is in a project of its own, which allows Applications and AppProjects in"
    " Argo CD's namespace, and nothing else.",
    hint="run `make synth`",
    because="Anything in argocd/ would otherwise be applied anywhere, with Argo CD's own"
    " rights: its project `default` allows everything.",
)
def root_unbounded(inventory: Inventory) -> Offences:
    """Root Applications in another project, and their projects that allow more."""
    name, namespace = inventory.platform.name, inventory.platform.argocd_namespace
    for manifest, application in inventory.objects(Application):
        if manifest.name == name and application.spec.project != name:
            yield manifest, f"is in the project {application.spec.project}"
    for manifest, project in _root_projects(inventory):
        yield from ((manifest, problem) for problem in _beyond_root(project, namespace))


def _beyond_root(project: AppProject, namespace: str) -> Iterator[str]:
    """What a root project allows that it should not, or does not allow."""
    owned = (kinds.by_model(model) for model in (AppProject, Application))
    allowed = [AllowedKind(group=entry.group, kind=entry.kind) for entry in owned]
    if project.spec.destinations != [_in_cluster(namespace)]:
        yield f"deploys to {_listed(project.spec.destinations)}"
    if project.spec.cluster_resource_whitelist:
        yield "allows cluster-scoped kinds"
    if project.spec.namespace_resource_whitelist != allowed:
        found = [entry.kind for entry in project.spec.namespace_resource_whitelist]
        yield f"allows {', '.join(found) or 'nothing'}"


@check(
    "argocd.E008",
    "A sync does not delete the root Application's project.",
    hint="annotate it with sync-options: Prune=false",
    because="A commit that removes its document, such as a revert, would delete the project "
    "while the root Application is still in it, and Argo CD would stop syncing.",
)
def root_project_pruned(inventory: Inventory) -> Offences:
    """Projects of root Applications that a sync may delete."""
    for manifest, _ in _root_projects(inventory):
        if "Prune=false" not in manifest.sync_options:
            yield manifest, "may be pruned while the root Application is in it"
