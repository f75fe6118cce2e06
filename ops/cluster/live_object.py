"""An object as it is on the cluster."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from ops.errors import ClusterError
from ops.kinds.description.health import HEALTHY, Health
from ops.objects.base import Object, Part, WrongShapeError, typed

if TYPE_CHECKING:
    from ops.kinds.description.kind import Kind
    from ops.objects.base import Document

M = TypeVar("M", bound=Part)


@dataclass(frozen=True)
class LiveObject:
    """All fields as plain data, and those that ops reads as a typed object."""

    content: Document
    entry: Kind[Any] | None
    """What is known about its kind, in its version."""

    @cached_property
    def object(self) -> Object:
        """The object as its kind's model; ClusterError if it does not have that shape."""
        model: type[Object] = self.entry.model if self.entry else Object
        return read(model, self.content)

    @property
    def health(self) -> Health:
        """Its health; a kind without one is healthy once it exists."""
        judge = self.entry.health if self.entry else None
        return judge(self.object) if judge else HEALTHY


def read(model: type[M], content: Document) -> M:
    """What the API server answered as a model.

    Raises ClusterError if it does not have the shape of its kind.
    """
    try:
        return typed(model, content)
    except WrongShapeError as error:
        metadata = content.get("metadata")
        names = metadata if isinstance(metadata, dict) else {}
        name = "/".join(str(names[key]) for key in ("namespace", "name") if names.get(key))
        problem = (
            f"the cluster's {model.__name__} {name} does not match the schema of its kind: {error}"
        )
        raise ClusterError(f"{problem}; check that the context leads to an API server") from error
