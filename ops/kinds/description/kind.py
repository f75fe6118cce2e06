"""The fields of a kind's entry."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Any, Generic, TypeVar

from ops.kinds.description.effect import Effect
from ops.kinds.description.health import Health
from ops.kinds.description.reference import Reference, needs_of_pod
from ops.kinds.description.rule import Rule
from ops.objects.base import Object
from ops.objects.pod_spec import PodTemplate

M = TypeVar("M", bound=Object)


class Owner(Enum):
    """Who may declare objects of a kind."""

    APP = "an app"
    ARGOCD = "the project, in argocd/"
    OPTIONAL = "an app that says why"
    """Nothing here renders it; the gate requires a reason."""
    PLATFORM = "the platform"
    """The safety contract forbids it to apps, whatever the reason."""
    RIGHTS = "nobody here"
    """It grants permissions in the cluster."""


class Stage(IntEnum):
    """The order of an app's parts; each stage is in a later wave than the one before."""

    NAMESPACE = 0
    FOUNDATION = 1
    MIGRATION = 2
    PODS = 3
    EXPOSURE = 4
    SCHEDULES = 5


class Data(Enum):
    """What happens to data when an object is deleted."""

    NONE = "it holds none"
    DELETES = "it takes along what is in it"
    HOLDS = "it is what holds the data"


@dataclass(frozen=True)
class Tree:
    """A set of fields, as nested names; `*` stands for every field below."""

    fields: Mapping[str, Any]

    @classmethod
    def from_paths(cls, *paths: str | tuple[str, ...]) -> "Tree":
        """The tree of dotted paths.

        A path that ends in `*` allows everything below it. A path in which a field has a dot itself
        is given as its fields.
        """
        tree: dict[str, Any] = {}
        for path in paths:
            *parents, last = path.split(".") if isinstance(path, str) else path
            node = tree
            for parent in parents:
                node = node.setdefault(parent, {})
            node.setdefault(last, {})
        return cls(tree)


Rollout = Callable[[M, Sequence[Any]], tuple[Effect, str]]


@dataclass(frozen=True, kw_only=True)
class Pods(Generic[M]):
    """The pods that an object creates."""

    template: Callable[[M], PodTemplate]
    labels: Callable[[M], Mapping[str, str]]
    """The labels that select its pods."""
    rollout: Rollout[M] | None
    """The effect of a changed template, and why: whether there is a moment without a ready pod.
    It gets the object and the PersistentVolumeClaims of its namespace. None if no pod is
    replaced."""
    ends: Callable[[M], str]
    """What becomes of what its pods do or hold when they end; empty if nothing need be said."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Kind(Generic[M]):
    """Everything that ops knows about a kind.

    No field has a default, so an incomplete entry does not load.
    """

    kind: str
    group: str
    """The API group; empty for the core group."""
    version: str
    plural: str
    namespaced: bool
    model: type[M]
    """The fields that ops reads."""

    owner: Owner
    fields: Tree
    """The fields that apps set; the gate requires a reason for any other."""
    guarded: bool
    """Whether the safety contract depends on its fields: then no reason allows another field."""
    needed: bool
    """Whether every app must have one."""
    stage: Stage | None
    """None if any wave is safe."""
    kept: Sequence[frozenset[str]]
    """Sets of sync options; an object must have all options of one set. Empty if it may be
    pruned."""

    pods: Pods[M] | None
    refers_to: Callable[[M], Iterable[Reference]]
    """Objects that must exist in the same namespace, and their ports and keys, besides what its
    pods need."""
    holds: Data

    health: Callable[[M], Health] | None
    """None if it has no health: Argo CD does not wait for it, and it is healthy once it exists."""
    apply_order: int | None
    """Its position in Argo CD's order of kinds within a wave; None: after all that have one.
    Source: gitops-engine/pkg/sync/sync_tasks.go."""
    recreated: Effect | None
    """The effect if Argo CD deletes and creates it again because a change is refused; None if it
    never does that."""
    changes: Sequence[Rule]
    """What a change of its fields does; the first matching rule applies."""

    @property
    def api_version(self) -> str:
        """The apiVersion of its documents."""
        return f"{self.group}/{self.version}" if self.group else self.version

    def references(self, found: M) -> set[Reference]:
        """Objects that must exist in the same namespace."""
        return {reference.whole for reference in self._named(found)}

    def named_items(self, found: M) -> set[Reference]:
        """Ports and keys that these objects must have."""
        return {reference for reference in self._named(found) if reference.item}

    def _named(self, found: M) -> set[Reference]:
        pods = needs_of_pod(self.pods.template(found).spec) if self.pods else set()
        return pods.union(self.refers_to(found))


def ends_silently(_: Any) -> str:
    """For pods that clients hardly miss."""
    return ""


def no_references(_: Object) -> Iterable[Reference]:
    """For a kind that refers to nothing."""
    return ()


def not_rendered(  # noqa: PLR0913 (the fields of an entry)
    *,
    kind: str,
    group: str,
    version: str,
    plural: str,
    namespaced: bool,
    model: type[M],
    owner: Owner,
    pods: Pods[M] | None,
    holds: Data,
    health: Callable[[M], Health] | None,
    apply_order: int | None,
    recreated: Effect | None,
    changes: Sequence[Rule],
) -> Kind[M]:
    """The entry of a kind that nothing here renders, without the fields for rendered objects."""
    return Kind(
        kind=kind,
        group=group,
        version=version,
        plural=plural,
        namespaced=namespaced,
        model=model,
        owner=owner,
        fields=Tree({"*": {}}),
        guarded=False,
        needed=False,
        stage=None,
        kept=(),
        pods=pods,
        refers_to=no_references,
        holds=holds,
        health=health,
        apply_order=apply_order,
        recreated=recreated,
        changes=changes,
    )
