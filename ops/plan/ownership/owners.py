"""The owners of all objects: Argo CD's mark on an object names the Application that synced it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ops import kinds
from ops.documents.manifest import Manifest
from ops.documents.workload import Workload
from ops.kinds.description.kind import Data
from ops.kinds.ingress import Ingress
from ops.plan.change import Comparison
from ops.plan.simulation import Key

FAIL_ON_SHARED = "FailOnSharedResource=true"


@dataclass(frozen=True)
class Former:
    """An object of another Application, before the change."""

    manifest: Manifest
    owner: Comparison

    @property
    def stays_rendered(self) -> bool:
        """Whether its owner goes on rendering it."""
        return self.manifest.key in self.owner.target_keys

    @property
    def kept(self) -> str:
        """Why it stays when its owner no longer renders it; empty if its owner deletes it."""
        return self.owner.stays(self.manifest)


@dataclass(frozen=True)
class Owners:
    """Every Application that a change touches."""

    comparisons: Sequence[Comparison]

    @cached_property
    def _live(self) -> Mapping[Key, Former]:
        return {
            manifest.key: Former(manifest, comparison)
            for comparison in self.comparisons
            for manifest in comparison.live
            if manifest.remains and not manifest.is_hook
        }

    @cached_property
    def _heirs(self) -> Mapping[Key, Sequence[Comparison]]:
        """The Applications that render an object from now on."""
        found: dict[Key, list[Comparison]] = defaultdict(list)
        for comparison in self.comparisons:
            for key in comparison.target_keys:
                found[key].append(comparison)
        return found

    @cached_property
    def _lost_hosts(self) -> Mapping[str, Comparison]:
        """The hosts that an Application no longer serves."""
        return {
            host: comparison
            for comparison in self.comparisons
            for host in hosts_of(comparison.live) - hosts_of(comparison.target)
        }

    @cached_property
    def _gone(self) -> Sequence[Comparison]:
        return [comparison for comparison in self.comparisons if comparison.removed]

    def former(self, manifest: Manifest, owner: Comparison) -> Former | None:
        """Whose an object is that an Application is about to create, if it is another's."""
        found = self._live.get(manifest.key)
        return found if found and found.owner is not owner else None

    def heir(self, manifest: Manifest, owner: Comparison) -> Comparison | None:
        """The other Application that renders an object from now on."""
        heirs = self._heirs.get(manifest.key, ())
        return next((comparison for comparison in heirs if comparison is not owner), None)

    def predecessor(self, comparison: Comparison) -> Comparison | None:
        """The removed Application that goes on under this name.

        It is one that leaves it an object, or a host, or that has the same image.
        """
        if comparison.live or comparison.unread or comparison.removed:
            return None
        return next((other for other in self._gone if _is_same_app(other, comparison)), None)

    def losers(self, comparison: Comparison) -> Iterator[tuple[str, Comparison]]:
        """The hosts that this Application gets, each with the other one that had it."""
        if self._lost_hosts:
            for host in sorted(hosts_of(comparison.target) - hosts_of(comparison.live)):
                if host in self._lost_hosts:
                    yield host, self._lost_hosts[host]

    def left_behind(self, manifest: Manifest, comparison: Comparison) -> Former | None:
        """The data of the predecessor that a new object of the kind does not get."""
        predecessor = self.predecessor(comparison)
        if predecessor is None or manifest.entry is None or manifest.entry.holds is not Data.HOLDS:
            return None
        alike = [
            former
            for former in predecessor.live
            if former.entry is manifest.entry and former.key not in comparison.target_keys
        ]
        own = manifest.name.removeprefix(comparison.application.name)
        named = [m for m in alike if m.name == f"{predecessor.application.name}{own}"]
        return next((Former(found, predecessor) for found in (*named, *alike)), None)


def _is_same_app(gone: Comparison, new: Comparison) -> bool:
    keys = {m.key for m in gone.live} & new.target_keys
    hosts = hosts_of(gone.live) & hosts_of(new.target)
    images = set(_repositories(gone.live)) & set(_repositories(new.target))
    return bool(keys or hosts or images)


def hosts_of(manifests: Sequence[Manifest]) -> set[str]:
    """The hosts of all Ingresses."""
    entry = kinds.by_model(Ingress)
    return {host for m in manifests if m.entry is entry for host in m.typed(Ingress).hosts if host}


def _repositories(manifests: Sequence[Manifest]) -> Iterator[str]:
    for manifest in manifests:
        for container in Workload(manifest).containers:
            yield container.image.partition("@")[0].rpartition(":")[0]
