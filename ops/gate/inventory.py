"""All documents of a run, indexed for the policy checks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

from ops import kinds
from ops.documents.manifest import Manifest
from ops.documents.workload import Workload
from ops.kinds.deployment import Deployment
from ops.kinds.description.kind import Owner
from ops.kinds.description.reference import Reference
from ops.kinds.job import Job
from ops.objects.base import Object
from railiance.platform import Platform

M = TypeVar("M", bound=Object)


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
        self._kinds: dict[type[Object], list[tuple[Manifest, Any]]] = defaultdict(list)
        self._places: dict[tuple[type[Object], str], list[tuple[Manifest, Any]]] = defaultdict(list)
        self._names: dict[tuple[str, str, str], Manifest] = {}
        self._valid = list(valid)
        for manifest in self._valid:
            found = manifest.object
            self._kinds[type(found)].append((manifest, found))
            self._places[type(found), manifest.namespace].append((manifest, found))
            self._names[manifest.kind, manifest.namespace, manifest.name] = manifest

    def objects(self, model: type[M], namespace: str | None = None) -> Sequence[tuple[Manifest, M]]:
        """All objects of a kind, or those in one namespace, each with its document."""
        if namespace is None:
            return self._kinds.get(model, ())
        return self._places.get((model, namespace), ())

    def find(self, reference: Reference, namespace: str) -> Manifest | None:
        """The document that is referred to from a namespace, if it is rendered."""
        return self._names.get((reference.kind, namespace, reference.name))

    @cached_property
    def in_namespace(self) -> Mapping[str, Sequence[Manifest]]:
        """The documents whose kind has an entry, by namespace."""
        found: dict[str, list[Manifest]] = defaultdict(list)
        for manifest in self.described:
            found[manifest.namespace].append(manifest)
        return found

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
    def described(self) -> list[Manifest]:
        """The documents whose kind has an entry."""
        return [manifest for manifest in self._valid if manifest.entry]

    @cached_property
    def workloads(self) -> list[Workload]:
        """Everything that makes pods, of the kinds that an app may have."""
        return [
            Workload(manifest)
            for manifest in self.described
            if manifest.entry and manifest.entry.pods and manifest.entry.owner is Owner.APP
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
        return self._workloads_of(Deployment)

    @cached_property
    def migrations(self) -> list[Workload]:
        """The Jobs."""
        return self._workloads_of(Job)

    def migrations_of(self, web: Workload) -> list[Workload]:
        """The Jobs beside a Deployment."""
        return [job for job in self.migrations if job.manifest.namespace == web.manifest.namespace]

    def _workloads_of(self, model: type[Object]) -> list[Workload]:
        entry = kinds.by_model(model)
        return [workload for workload in self.workloads if workload.manifest.entry is entry]
