"""All documents of a run, indexed by what the policy asks for."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ops.errors import ManifestError
from ops.manifests import Manifest

PLATFORM_FACT = "platform.railiance.io/"


@dataclass(frozen=True)
class Workload:
    """An object that makes pods."""

    manifest: Manifest

    @property
    def template(self) -> Mapping[str, Any]:
        """The pod template; empty where there is none."""
        return self.manifest.spec.get("template") or {}

    @property
    def pod(self) -> Mapping[str, Any]:
        """The pod's spec."""
        return self.template.get("spec") or {}

    @property
    def labels(self) -> Mapping[str, str]:
        """The pod's labels."""
        return (self.template.get("metadata") or {}).get("labels") or {}

    @property
    def containers(self) -> list[dict[str, Any]]:
        """All containers, those that only start the pod included."""
        return [*(self.pod.get("initContainers") or []), *(self.pod.get("containers") or [])]

    @property
    def claims(self) -> list[str]:
        """The names of the volume claims that the pod mounts."""
        volumes = self.pod.get("volumes") or []
        found = [(volume.get("persistentVolumeClaim") or {}).get("claimName") for volume in volumes]
        return [name for name in found if name]

    def variables(self) -> Iterator[tuple[str, Any]]:
        """Variables of all containers; a plain value as text, a reference as a mapping.

        A name can stand twice, of which the last counts; the first is in the YAML all the same.
        """
        for container in self.containers:
            for variable in container.get("env") or []:
                yield variable["name"], variable.get("value", variable.get("valueFrom"))

    def environment(self) -> dict[str, Any]:
        """The variables that count, by name."""
        return dict(self.variables())


class Platform:
    """What the root Application says of the cluster, in its annotations.

    Raises ManifestError if it leaves out a fact that the gate needs.
    """

    NEEDED = (
        "name",
        "kubernetes-version",
        "postgres-cluster",
        "postgres-namespace",
        "postgres-client-label",
        "cluster-issuer",
        "ingress-class",
        "ingress-namespace",
        "storage-class",
        "registry",
        "repository-url",
        "revision",
        "argocd-namespace",
        "reserved-hosts",
        "reserved-roles",
    )

    def __init__(self, root: Manifest) -> None:
        self._facts = {
            key.removeprefix(PLATFORM_FACT): value
            for key, value in root.annotations.items()
            if key.startswith(PLATFORM_FACT)
        }
        for fact in self.NEEDED:
            if fact not in self._facts:
                problem = f"does not tell the platform's {fact}; run `make synth`"
                raise ManifestError(root.file, problem, root.line)

    def __getitem__(self, fact: str) -> str:
        return self._facts[fact]

    def listed(self, fact: str) -> list[str]:
        """A fact that is a list."""
        return [item for item in self._facts[fact].split(",") if item]


class Inventory:
    """The documents by kind and by namespace.

    All are in `manifests`, whose metadata can be relied on; only those that their schema holds
    valid are found by kind, so that a check may rely on the shape of what it is given.
    """

    def __init__(
        self, manifests: Sequence[Manifest], valid: Iterable[Manifest], platform: Platform
    ) -> None:
        self.manifests = manifests
        self.platform = platform
        self._kinds: dict[str, list[Manifest]] = defaultdict(list)
        self._places: dict[tuple[str, str], list[Manifest]] = defaultdict(list)
        for manifest in valid:
            self._kinds[manifest.kind].append(manifest)
            self._places[manifest.kind, manifest.namespace].append(manifest)

    def of(self, kind: str, namespace: str | None = None) -> Sequence[Manifest]:
        """All objects of a kind, or those in one namespace."""
        if namespace is None:
            return self._kinds.get(kind, ())
        return self._places.get((kind, namespace), ())

    def find(self, kind: str, namespace: str, name: str | None) -> Manifest | None:
        """The object of this name, if it is rendered."""
        return self._names.get((kind, namespace, name))

    @cached_property
    def _names(self) -> Mapping[tuple[str, str, str | None], Manifest]:
        return {(m.kind, m.namespace, m.name): m for ms in self._kinds.values() for m in ms}

    @cached_property
    def files(self) -> Mapping[tuple[str, str], Sequence[Manifest]]:
        """What is not Argo CD's own, by the names of its file's folder and of the file."""
        files: dict[tuple[str, str], list[Manifest]] = defaultdict(list)
        for manifest in self.apps:
            files[manifest.file.parent.name, manifest.file.name].append(manifest)
        return files

    @cached_property
    def apps(self) -> list[Manifest]:
        """What is not Argo CD's own: the documents that make up apps."""
        return [m for m in self.manifests if m.group != "argoproj.io"]

    @cached_property
    def workloads(self) -> list[Workload]:
        """Everything that makes pods."""
        return [
            Workload(manifest)
            for kind in ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job")
            for manifest in self.of(kind)
        ]

    @cached_property
    def workloads_by_namespace(self) -> Mapping[str, Sequence[Workload]]:
        """Everything that makes pods, by namespace."""
        spaces: dict[str, list[Workload]] = defaultdict(list)
        for workload in self.workloads:
            spaces[workload.manifest.namespace].append(workload)
        return spaces

    @cached_property
    def web(self) -> list[Workload]:
        """The workloads that serve."""
        return [workload for workload in self.workloads if workload.manifest.kind == "Deployment"]

    def migrations_of(self, web: Workload) -> Iterator[Workload]:
        """The Jobs beside a Deployment."""
        for manifest in self.of("Job", web.manifest.namespace):
            yield Workload(manifest)
