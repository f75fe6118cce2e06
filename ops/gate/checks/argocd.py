"""What Argo CD is told to keep true, and what it may touch for that."""

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

from ops.gate.checks.database import sync_options
from ops.gate.inventory import Inventory
from ops.gate.policy import Offences, check
from ops.manifests import Manifest

NEEDED_OPTIONS = {"ServerSideApply=true"}
IN_CLUSTER = "https://kubernetes.default.svc"


def _app_applications(inventory: Inventory) -> Iterator[Manifest]:
    """Applications that read manifests of apps: all but the root one, which has the node's name."""
    for application in inventory.of("Application"):
        if application.name != inventory.platform["name"]:
            yield application


def _app_projects(inventory: Inventory) -> Iterator[Manifest]:
    """Projects of apps: all but the root Application's, which has the node's name."""
    for project in inventory.of("AppProject"):
        if project.name != inventory.platform["name"]:
            yield project


def _documents(application: Manifest, inventory: Inventory) -> Sequence[Manifest]:
    """What the Application would sync, of the documents at hand."""
    source = application.spec.get("source") or {}
    folder = source.get("path") or ""
    include = (source.get("directory") or {}).get("include") or "*"
    if (folder, include) in inventory.files:
        return inventory.files[folder, include]
    return [
        manifest
        for (parent, name), manifests in inventory.files.items()
        if parent == folder and fnmatch(name, include)
        for manifest in manifests
    ]


def _project(application: Manifest, inventory: Inventory) -> Manifest | None:
    return inventory.find("AppProject", application.namespace, application.spec.get("project"))


def _kinds(manifests: Iterable[Manifest]) -> set[tuple[str, str]]:
    return {(manifest.group, manifest.kind) for manifest in manifests}


@check(
    "argocd.E001",
    "A project allows exactly the kinds that its app renders.",
    hint="run `make synth`",
    because="A kind too few never syncs; a kind too many is a door that nobody watches.",
)
def whitelists_that_differ(inventory: Inventory) -> Offences:
    """Projects whose namespaceResourceWhitelist is not what is rendered."""
    for application in _app_applications(inventory):
        project = _project(application, inventory)
        if not project:
            continue
        allowed = {
            (entry.get("group"), entry.get("kind"))
            for entry in project.spec.get("namespaceResourceWhitelist") or []
        }
        rendered = _kinds(_documents(application, inventory)) - {("", "Namespace")}
        for group, kind in sorted(allowed ^ rendered):
            found = "renders" if (group, kind) in rendered else "does not render"
            yield project, f"{application.name} {found} {group or 'core'}/{kind}"


@check(
    "argocd.E002",
    "A project deploys only to its app's namespace and the databases', on this cluster.",
    hint="run `make synth`",
    because="A document for another app's namespace must be refused.",
)
def destinations_too_wide(inventory: Inventory) -> Offences:
    """Projects whose destinations are not exactly those two, and Applications with another."""
    databases = inventory.platform["postgres-namespace"]
    for project in _app_projects(inventory):
        found = project.spec.get("destinations") or []
        expected = [{"server": IN_CLUSTER, "namespace": name} for name in (project.name, databases)]
        if found != expected:
            yield project, f"deploys to {found or 'nowhere'}"
    for application in inventory.of("Application"):
        destination = application.spec.get("destination") or {}
        root = application.name == inventory.platform["name"]
        space = inventory.platform["argocd-namespace"] if root else application.spec.get("project")
        if destination != {"server": IN_CLUSTER, "namespace": space}:
            yield application, f"deploys to {destination}"


@check(
    "argocd.E003",
    "Applications and projects read this repository only, at the platform's revision.",
    hint="take both from the platform",
    because="Another repository is reviewed by others, or by nobody.",
)
def sources_elsewhere(inventory: Inventory) -> Offences:
    """Sources that are not this repository."""
    url, revision = inventory.platform["repository-url"], inventory.platform["revision"]
    for project in inventory.of("AppProject"):
        if project.spec.get("sourceRepos") != [url]:
            yield project, f"reads {project.spec.get('sourceRepos')}"
    for application in inventory.of("Application"):
        source = application.spec.get("source") or {}
        if (source.get("repoURL"), source.get("targetRevision")) != (url, revision):
            yield application, f"reads {source.get('repoURL')} at {source.get('targetRevision')}"


@check(
    "argocd.E004",
    "Applications sync, prune and heal by themselves, by server-side apply, and try again.",
    hint="run `make synth`",
    because="What is in git is what runs; a passing fault must not wait for a person.",
)
def syncs_by_hand(inventory: Inventory) -> Offences:
    """Applications that lack a part of the sync policy."""
    for application in inventory.of("Application"):
        policy = application.spec.get("syncPolicy") or {}
        automated = policy.get("automated") or {}
        if automated != {"prune": True, "selfHeal": True, "allowEmpty": False}:
            yield application, "does not prune and heal by itself, or goes on with nothing"
        if not set(policy.get("syncOptions") or []) >= NEEDED_OPTIONS:
            yield application, "does not use server-side apply"
        retry = policy.get("retry") or {}
        if not (retry.get("limit") and (retry.get("backoff") or {}).get("duration")):
            yield application, "does not try again with growing pauses"


@check(
    "argocd.E005",
    "Every file of an app is kept true by one Application, in a project of the app's own.",
    hint="run `make synth`",
    because="A file that no Application reads is never deployed, and nobody is told.",
)
def files_unread(inventory: Inventory) -> Offences:
    """Files without an Application, Applications without file or project, unused projects."""
    read: set[Path] = set()
    used: set[Manifest | None] = set()
    for application in _app_applications(inventory):
        documents = _documents(application, inventory)
        read |= {manifest.file for manifest in documents}
        if not documents:
            yield application, "reads no document"
        project = _project(application, inventory)
        used.add(project)
        if not project or project.name != application.name:
            yield application, f"has no AppProject {application.name!r} of its own"
    for file, first in {m.file: m for m in reversed(inventory.apps)}.items():
        if file not in read:
            yield first, f"no Application reads {file.name}"
    for project in _app_projects(inventory):
        if project not in used:
            yield project, "is used by no Application"


@check(
    "argocd.E006",
    "Of what belongs to the whole cluster, a project allows its app's own Namespace only.",
    hint="run `make synth`",
    because="Safety contract: cluster-level resources are not edited from this repository.",
)
def cluster_wide_allowed(inventory: Inventory) -> Offences:
    """Projects that allow more."""
    for project in _app_projects(inventory):
        own = [{"group": "", "kind": "Namespace", "name": project.name}]
        if project.spec.get("clusterResourceWhitelist") != own:
            yield project, "allows more of the cluster than its own Namespace"


ROOT_KINDS = [
    {"group": "argoproj.io", "kind": "AppProject"},
    {"group": "argoproj.io", "kind": "Application"},
]


@check(
    "argocd.E007",
    "The root Application is in a project of its own, which allows Applications and AppProjects in"
    " Argo CD's namespace, and nothing else.",
    hint="run `make synth`",
    because="Whatever is put into argocd/ would otherwise be applied anywhere, with Argo CD's own"
    " rights: its project `default` allows everything.",
)
def root_unbounded(inventory: Inventory) -> Offences:
    """Root Applications in another project, and their projects that allow more."""
    name, space = inventory.platform["name"], inventory.platform["argocd-namespace"]
    for application in inventory.of("Application"):
        project = application.spec.get("project")
        if application.name == name and not _project(application, inventory):
            yield application, f"is in the project {project!r}, which is not rendered"
        elif application.name == name and project != name:
            yield application, f"is in the project {project!r}, not {name!r}"
    for project in inventory.of("AppProject"):
        if project.name == name:
            yield from ((project, problem) for problem in _beyond_root(project, space))


@check(
    "argocd.E008",
    "The root Application's project stays when its document goes.",
    hint="annotate it with sync-options: Prune=false",
    because="A commit that drops it, such as a revert, would delete the project before the root"
    " Application leaves it, and Argo CD then syncs nothing any more.",
)
def root_project_pruned(inventory: Inventory) -> Offences:
    """Projects of root Applications that a sync may delete."""
    for project in inventory.of("AppProject"):
        kept = "Prune=false" in sync_options(project)
        if project.name == inventory.platform["name"] and not kept:
            yield project, "may be pruned while the root Application is in it"


def _beyond_root(project: Manifest, space: str) -> Iterator[str]:
    """What a root project allows that it should not, or does not allow."""
    expected = {
        "destinations": [{"server": IN_CLUSTER, "namespace": space}],
        "clusterResourceWhitelist": None,
        "namespaceResourceWhitelist": ROOT_KINDS,
    }
    for field, value in expected.items():
        if project.spec.get(field) != value:
            yield f"{field} is {project.spec.get(field)}"
