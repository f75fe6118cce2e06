"""What every object has, and how plain data becomes an object.

A model names the fields that ops reads, with the defaults that the API server fills in; other
fields are left out of it. Kubernetes takes null for a field that is absent, and so does this.
"""

import re
from collections.abc import Collection, Mapping
from threading import Lock
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, field

Document = dict[str, Any]
"""An object as plain data, with every field that it has."""
IntOrString = int | str

__all__ = [
    "Condition",
    "Document",
    "IntOrString",
    "LabelSelector",
    "NamedReference",
    "Object",
    "ObjectMeta",
    "OwnerReference",
    "Part",
    "Status",
    "WrongShapeError",
    "field",
    "key",
    "port",
    "typed",
]


class Part(Struct, rename="camel", frozen=True):
    """A part of an object."""


class OwnerReference(Part, frozen=True):
    """What an object belongs to, and is deleted with."""

    kind: str = ""
    name: str = ""
    uid: str = ""


class ObjectMeta(Part, frozen=True):
    """An object's metadata."""

    name: str = ""
    namespace: str = ""
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    finalizers: list[str] = []
    owner_references: list[OwnerReference] = []
    uid: str = ""
    generation: int = 0
    resource_version: str = ""
    creation_timestamp: str = ""
    deletion_timestamp: str = ""


class Object(Part, frozen=True):
    """Any object; the model of a kind says more."""

    metadata: ObjectMeta = ObjectMeta()

    @property
    def name(self) -> str:
        """The object's name."""
        return self.metadata.name

    @property
    def namespace(self) -> str:
        """The object's namespace; empty if it has none."""
        return self.metadata.namespace

    @property
    def items(self) -> Collection[str] | None:
        """The ports and keys by which others refer to it; None for a kind without such."""
        return None

    @property
    def is_going(self) -> bool:
        """Whether its deletion has begun."""
        return bool(self.metadata.deletion_timestamp)


class Condition(Part, frozen=True):
    """One condition of a status."""

    type: str = ""
    status: str = ""
    reason: str = ""
    message: str = ""
    last_transition_time: str = ""


class Status(Part, frozen=True):
    """What a controller reports."""

    observed_generation: int = 0
    conditions: list[Condition] = []

    def condition(self, type_: str) -> Condition:
        """The condition of a type; an empty one if it is not reported."""
        found = (one for one in self.conditions if one.type == type_)
        return next(found, Condition(type=type_))


class LabelSelector(Part, frozen=True):
    """Which objects are meant, by their labels."""

    match_labels: dict[str, str] = {}
    match_expressions: list[dict[str, Any]] = []

    def covers(self, labels: Mapping[str, str]) -> bool:
        """Whether an object with these labels is meant, as far as match_labels says."""
        return self.match_labels.items() <= labels.items()


class NamedReference(Part, frozen=True):
    """Another object, by its name."""

    name: str = ""


def key(name: str) -> str:
    """A key of a ConfigMap or a Secret, as one of an object's items."""
    return f"key {name}"


def port(name_or_number: IntOrString) -> str:
    """A port of a Service, as one of an object's items."""
    return f"port {name_or_number}"


Model = TypeVar("Model", bound=Part)

_LOCK = Lock()
"""msgspec 0.22 learns of a type when it first meets it; two threads that do so at the same time end
the process with a segmentation fault."""


class WrongShapeError(ValueError):
    """Plain data has, say, a text where the model has a mapping; the message names the field."""


def typed(model: type[Model], content: Mapping[str, Any]) -> Model:
    """The content as a model.

    Raises WrongShapeError for a field of another type than the model's.
    """
    try:
        return _converted(model, content)
    except msgspec.ValidationError:
        pass  # it may be a null, of which there are few
    try:
        return _converted(model, _without_nulls(content))
    except msgspec.ValidationError as error:
        raise WrongShapeError(_sentence(str(error))) from error


def _converted(model: type[Model], content: Any) -> Model:
    with _LOCK:
        return msgspec.convert(content, model)


def _without_nulls(value: Any) -> Any:
    # Before Python 3.12 a comprehension is a call of its own, and a document may have 500 levels.
    if isinstance(value, dict):
        kept = {}
        for key, inner in value.items():
            if inner is not None:
                kept[key] = _without_nulls(inner)
        return kept
    if isinstance(value, list):
        items = []
        for item in value:
            items.append(_without_nulls(item))  # noqa: PERF401
        return items
    return value


_WORDS = {"object": "a mapping", "array": "a list", "str": "text", "int": "a whole number"}


def _sentence(problem: str) -> str:
    """Msgspec's message with the field first, in the words of YAML."""
    expected, _, path = problem.partition(" - at ")
    place = path.strip("`").removeprefix("$").removeprefix(".") or "the object"
    for word, plain in _WORDS.items():
        expected = re.sub(f"`{word}( \\| null)?`", plain, expected)
    return f"{place}: {expected[:1].lower()}{expected[1:]}"
