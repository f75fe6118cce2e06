"""The apps as they are rendered in dist/ and argocd/, which is all that the verbs know of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from ops import kinds
from ops.documents.hosts import PublicHost, hosts_of
from ops.documents.manifest import Manifest
from ops.documents.manifest_files import files_in, read
from ops.documents.platform import platform_of, root_application
from ops.documents.stated_names import names_of
from ops.documents.workload import Workload
from ops.errors import OpsError, UsageError
from ops.kinds.application import Application
from ops.kinds.deployment import Deployment
from ops.kinds.job import Job
from ops.kinds.namespace import Namespace
from ops.objects.base import Object
from railiance.annotations import COMPONENT, MAINTENANCE, NAME, NAMES, WORKER
from railiance.manage import Launcher
from railiance.names import StatedNames
from railiance.platform import Platform

M = TypeVar("M", bound=Object)


@dataclass(frozen=True, kw_only=True)
class App:
    """The documents of one app."""

    name: str
    documents: Sequence[Manifest]
    """What Argo CD syncs for the app, in the order of the file, which is the order of waves."""
    argocd: Sequence[Manifest]
    """Its AppProject and its Application."""
    platform: Platform

    def manifest(self, model: type[Object]) -> Manifest:
        """The app's one document of a kind.

        Raises OpsError if there is none, or more than one.
        """
        found = self.manifests(model)
        if len(found) != 1:
            kind = kinds.by_model(model).kind
            problem = f"{self.name}: {len(found)} documents of kind {kind} are rendered, expected 1"
            raise OpsError(f"{problem}; run `make gate` for details")
        return found[0]

    def manifests(self, model: type[Object]) -> list[Manifest]:
        """The app's documents of a kind."""
        entry = kinds.by_model(model)
        return [manifest for manifest in self.documents if manifest.entry is entry]

    def typed(self, model: type[M]) -> M:
        """The app's one object of a kind; OpsError as `manifest`."""
        return self.manifest(model).typed(model)

    @property
    def application(self) -> Manifest:
        """The app's Application of Argo CD.

        Raises OpsError if there is none.
        """
        for manifest in self.argocd:
            if manifest.entry is kinds.by_model(Application):
                return manifest
        raise OpsError(f"{self.name}: no Application is rendered in argocd/; run `make synth`")

    @property
    def namespace(self) -> str:
        """The app's own namespace."""
        return self.manifest(Namespace).name

    @cached_property
    def hosts(self) -> Sequence[PublicHost]:
        """The app's public hosts, the main one first; OpsError if it has no main one."""
        return hosts_of(self.name, self.documents)

    @property
    def main_host(self) -> PublicHost:
        """The host under which people know the app."""
        return self.hosts[0]

    @property
    def additional_hosts(self) -> Sequence[PublicHost]:
        """The hosts besides the main one."""
        return self.hosts[1:]

    @property
    def host(self) -> str:
        """The name of the main host."""
        return self.main_host.name

    @cached_property
    def web(self) -> Workload:
        """The web Deployment; OpsError if there is not exactly one."""
        found = self.manifests(Deployment)
        web = [one for one in found if not _is_other(one.labels.get(COMPONENT, ""))]
        if len(web) != 1:
            problem = f"{self.name}: {len(web)} web Deployments are rendered, expected 1"
            raise OpsError(f"{problem}; run `make gate` for details")
        return Workload(web[0])

    @cached_property
    def maintenance(self) -> Workload | None:
        """The Deployment of the maintenance page; None unless maintenance is on."""
        found = self.manifests(Deployment)
        pages = (one for one in found if one.labels.get(COMPONENT) == MAINTENANCE)
        return next(map(Workload, pages), None)

    @cached_property
    def launcher(self) -> Launcher:
        """What starts Django in the app's image; OpsError if the migrate Job does not state it."""
        if launcher := self.migrate.launcher:
            return launcher
        raise OpsError(f"{self.migrate.manifest} does not migrate; run `make gate` for details")

    @cached_property
    def migrate(self) -> Workload:
        """The migrate Job."""
        return Workload(self.manifest(Job))

    @property
    def image(self) -> str:
        """The image of the web container, with tag and digest.

        Raises OpsError if the web Deployment has no container.
        """
        if not self.web.containers:
            raise OpsError(f"{self.web.manifest} has no container; `make gate` says more")
        return self.web.containers[0].image

    @cached_property
    def names(self) -> StatedNames:
        """How the app calls its settings; OpsError if that is not valid."""
        namespace = self.manifest(Namespace)
        try:
            return names_of(namespace)
        except ValueError as error:
            raise OpsError(f"{namespace}: {NAMES}: {error}; run `make synth`") from error

    @cached_property
    def secret_keys(self) -> Mapping[str, Sequence[str]]:
        """The keys that the workloads need, by the name of the Secret in the app's namespace."""
        needed: dict[str, set[str]] = defaultdict(set)
        for manifest in self.documents:
            for name, key in Workload(manifest).secret_keys:
                needed[name].add(key)
        return {name: sorted(keys) for name, keys in sorted(needed.items())}


def _is_other(component: str) -> bool:
    """Whether a Deployment is of a worker or of the maintenance page."""
    return component == MAINTENANCE or component.startswith(WORKER)


@dataclass(frozen=True, kw_only=True)
class Fleet:
    """Everything that is rendered: the platform, and the apps by name."""

    root: Manifest
    """The root Application."""
    root_documents: Sequence[Manifest]
    """The documents of the root Application's file in their order: its AppProject, then itself."""
    platform: Platform
    apps: Mapping[str, App]

    def app(self, name: str | None = None) -> App:
        """The app of this name; without a name, the only one.

        Raises UsageError if there is none of this name, or if the name is needed; OpsError if no
        app is rendered at all.
        """
        apps = self.all()
        if name is None and len(apps) == 1:
            return apps[0]
        known = ", ".join(sorted(self.apps))
        if name is None:
            raise UsageError(f"several apps are rendered; name one with --app: {known}")
        if name not in self.apps:
            raise UsageError(f"no app {name!r} is rendered in dist/; available: {known}")
        return self.apps[name]

    def all(self) -> Sequence[App]:
        """Every app; OpsError if none is rendered at all."""
        if not self.apps:
            raise OpsError("dist/ contains no app; run `make synth`")
        return list(self.apps.values())


def load(folder: Path = Path()) -> Fleet:
    """Read dist/ and argocd/ of a folder.

    Raises OpsError if they are missing or cannot be read, or if the platform is not stated.
    """
    root = root_application(folder)
    platform = platform_of(root)
    argocd = _documents(folder / "argocd")
    by_app: dict[str, list[Manifest]] = defaultdict(list)
    for manifest in _documents(folder / "dist"):
        by_app[manifest.labels.get(NAME, manifest.file.name)].append(manifest)
    apps = {
        name: App(
            name=name,
            documents=documents,
            argocd=[m for m in argocd if m.labels.get(NAME) == name],
            platform=platform,
        )
        for name, documents in by_app.items()
    }
    documents = [manifest for manifest in argocd if manifest.file == root.file]
    return Fleet(root=root, root_documents=documents, platform=platform, apps=apps)


def _documents(folder: Path) -> list[Manifest]:
    return [manifest for file in files_in([folder]) for manifest in read(file)]
