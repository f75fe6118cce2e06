"""The apps as they are rendered in dist/ and argocd/, which is all that the verbs know of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ops.errors import OpsError, UsageError
from ops.manifests import Manifest, files_in, read
from ops.platform import Platform, root_application
from ops.workload import Workload

NAME = "app.kubernetes.io/name"


@dataclass(frozen=True, kw_only=True)
class App:
    """The documents of one app."""

    name: str
    documents: Sequence[Manifest]
    """What Argo CD syncs for the app, in the order of the file, which is the order of waves."""
    argocd: Sequence[Manifest]
    """Its AppProject and its Application."""
    platform: Platform

    def one(self, kind: str) -> Manifest:
        """The app's one document of a kind.

        Raises OpsError if there is none, or more than one.
        """
        found = [manifest for manifest in self.documents if manifest.kind == kind]
        if len(found) != 1:
            problem = f"{self.name}: {len(found)} documents of kind {kind} are rendered, not one"
            raise OpsError(f"{problem}; `make gate` says more")
        return found[0]

    def some(self, kind: str) -> Manifest | None:
        """The app's first document of a kind, or None if it renders none."""
        return next((manifest for manifest in self.documents if manifest.kind == kind), None)

    @property
    def application(self) -> Manifest:
        """The app's Application of Argo CD.

        Raises OpsError if there is none.
        """
        for manifest in self.argocd:
            if manifest.kind == "Application":
                return manifest
        raise OpsError(f"{self.name}: no Application is rendered in argocd/; run `make synth`")

    @property
    def namespace(self) -> str:
        """The app's own namespace."""
        return self.one("Namespace").name

    @property
    def host(self) -> str:
        """The host name that the Ingress serves."""
        rules = self.one("Ingress").spec.get("rules") or [{}]
        return str(rules[0].get("host") or "")

    @cached_property
    def web(self) -> Workload:
        """What serves."""
        return Workload(self.one("Deployment"))

    @cached_property
    def migrate(self) -> Workload:
        """What migrates the database before a new image serves."""
        return Workload(self.one("Job"))

    @property
    def image(self) -> str:
        """The image of the web container, with tag and digest."""
        return str(self.web.containers[0]["image"])

    @cached_property
    def secret_keys(self) -> Mapping[str, Sequence[str]]:
        """The keys that the workloads need, by the name of the Secret in the app's namespace."""
        needed: dict[str, set[str]] = defaultdict(set)
        for workload in (self.web, self.migrate):
            for value in workload.environment().values():
                if isinstance(value, dict) and (reference := value.get("secretKeyRef")):
                    needed[str(reference["name"])].add(str(reference["key"]))
        return {name: sorted(keys) for name, keys in sorted(needed.items())}


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
            raise UsageError(f"no app {name!r} is rendered in dist/; there is: {known}")
        return self.apps[name]

    def all(self) -> Sequence[App]:
        """Every app; OpsError if none is rendered at all."""
        if not self.apps:
            raise OpsError("dist/ holds no app; run `make synth`")
        return list(self.apps.values())


def load(folder: Path = Path()) -> Fleet:
    """Read dist/ and argocd/ of a folder.

    Raises OpsError if they are missing or cannot be read, or if the platform is not told.
    """
    root = root_application(folder)
    platform = Platform(root)
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
