"""All documents of a run, indexed by what the policy asks for."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from ops.manifests import Manifest
from ops.platform import Platform
from ops.workload import Workload


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
