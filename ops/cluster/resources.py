"""How documents of a kind are read and written with lightkube, as the plain dicts they are.

lightkube's typed models know the fields of one Kubernetes version and drop any other; its generic
resources keep a document as the API server gave it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from lightkube.core import decoders
from lightkube.generic_resource import create_global_resource, create_namespaced_resource

from ops import kinds
from ops.errors import ClusterError
from ops.objects.base import Part

if TYPE_CHECKING:
    from ops.kinds.description.kind import Kind

Resource: TypeAlias = Any
"""lightkube's overloads distinguish namespaced from cluster-wide kinds; a variable for both matches
neither."""


class ServedKind(Part, frozen=True):
    """A kind that the API server serves, or a part of one."""

    kind: str = ""
    name: str = ""
    namespaced: bool = False


class ServedKinds(Part, frozen=True):
    """The kinds of a group and version."""

    resources: list[ServedKind] = []  # noqa: RUF012 (msgspec copies it)


def resource(kind: str) -> Resource:
    """How documents of a kind that has an entry are requested; ClusterError if it has none."""
    entry = kinds.by_name(kind)
    if entry is None:
        raise ClusterError(f"ops does not know the kind {kind}")
    return of_entry(entry)


@cache
def of_entry(entry: Kind[Any]) -> Resource:
    """How documents of an entry's kind are requested."""
    create = create_namespaced_resource if entry.namespaced else create_global_resource
    return create(entry.group, entry.version, entry.kind, entry.plural)


def of_served(api_version: str, served: ServedKind) -> Resource:
    """How documents of a kind without an entry are requested, as the API server describes it."""
    group, _, version = api_version.rpartition("/")
    create = create_namespaced_resource if served.namespaced else create_global_resource
    return create(group, version, served.kind, served.name)


def path(kind: str) -> str:
    """The path at which the API server lists all documents of a kind that has an entry."""
    entry = kinds.by_name(kind)
    assert entry
    prefix = "apis" if entry.group else "api"
    return f"/{prefix}/{entry.api_version}/{entry.plural}"


def is_cluster_wide(kind: str) -> bool:
    """Whether documents of this kind have no namespace."""
    entry = kinds.by_name(kind)
    return entry is not None and not entry.namespaced


def make_ready_for_threads() -> None:
    """Have lightkube meet every type that it decodes once, before several threads ask at once.

    msgspec 0.22, which decodes for it, learns of a type when it first meets it; two threads that
    do so at the same time end the process with a segmentation fault.
    """
    decoders.decode_status(b"{}")
    for entry in kinds.every():
        decoders.decode_list(b'{"items": []}', of_entry(entry))
