"""All documents of a run, indexed for the policy checks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

from ops import kinds
from ops.documents.manifest import Manifest
from ops.documents.stated_names import readable_names
from ops.documents.workload import Workload
from ops.kinds.deployment import Deployment
from ops.kinds.description.kind import Owner
from ops.kinds.description.reference import Reference
from ops.kinds.job import Job
from ops.kinds.namespace import Namespace
from ops.objects.base import Object
from railiance.annotations import MAINTENANCE, SCHEDULE, WORKER
from railiance.names import StatedNames
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
        """Everything that makes pods, of the kinds that an app may have.

        A pod without a container, which the API server refuses, is left out.
        """
        found = [
            Workload(manifest)
            for manifest in self.described
            if manifest.entry and manifest.entry.pods and manifest.entry.owner is Owner.APP
        ]
        return [workload for workload in found if workload.pod.containers]

    @cached_property
    def workloads_by_namespace(self) -> Mapping[str, Sequence[Workload]]:
        """Everything that makes pods, by namespace."""
        spaces: dict[str, list[Workload]] = defaultdict(list)
        for workload in self.workloads:
            spaces[workload.manifest.namespace].append(workload)
        return spaces

    @cached_property
    def web(self) -> list[Workload]:
        """The workloads that serve: every Deployment that is no worker and no maintenance page."""
        found = [w for w in self._workloads_of(Deployment) if w not in self.maintenance]
        return [workload for workload in found if not workload.component.startswith(WORKER)]

    @cached_property
    def maintenance(self) -> list[Workload]:
        """The maintenance page of each app that has one now."""
        return [w for w in self._workloads_of(Deployment) if w.component == MAINTENANCE]

    @cached_property
    def valkey(self) -> list[Workload]:
        """The Valkey of each app."""
        return [workload for workload in self.workloads if self.is_valkey(workload)]

    def is_valkey(self, workload: Workload) -> bool:
        """Whether it runs the platform's Valkey image, and nothing else."""
        images = {container.image for container in workload.containers}
        return images == {self.platform.valkey_image}

    @cached_property
    def django(self) -> list[Workload]:
        """The workloads that run an app's code: web and migrate pods, workers and schedules."""
        return [workload for workload in self.workloads if self._runs_the_app(workload)]

    def django_of(self, namespace: str) -> list[Workload]:
        """The workloads of one namespace that run an app's code."""
        there = self.workloads_by_namespace.get(namespace, ())
        return [workload for workload in there if self._runs_the_app(workload)]

    @cached_property
    def waiting(self) -> list[Workload]:
        """The workloads whose pods need the new schema: not the migrations, nor a page."""
        others = [*self.migrations, *self.maintenance]
        return [workload for workload in self.django if workload not in others]

    def _runs_the_app(self, workload: Workload) -> bool:
        """Every Deployment and Job does, and every pod that is labelled as a process."""
        usual = (kinds.by_model(Deployment), kinds.by_model(Job))
        is_process = workload.component.startswith((WORKER, SCHEDULE))
        return workload.manifest.entry in usual or is_process

    @cached_property
    def names(self) -> Mapping[str, StatedNames]:
        """How each app calls its settings, by namespace; the usual names where they are wrong."""
        return {manifest.name: readable_names(manifest) for manifest, _ in self.objects(Namespace)}

    @cached_property
    def migrations(self) -> list[Workload]:
        """The Jobs."""
        return self._workloads_of(Job)

    def migrations_of(self, workload: Workload) -> list[Workload]:
        """The Jobs beside a workload."""
        namespace = workload.manifest.namespace
        return [job for job in self.migrations if job.manifest.namespace == namespace]

    def names_of(self, workload: Workload) -> StatedNames:
        """How a workload's app calls its settings."""
        return self.names.get(workload.manifest.namespace, StatedNames())

    def _workloads_of(self, model: type[Object]) -> list[Workload]:
        entry = kinds.by_model(model)
        return [workload for workload in self.workloads if workload.manifest.entry is entry]
