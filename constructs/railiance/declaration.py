"""The decorator that makes a class a declaration: keyword-only, frozen, checked on creation.

A field's annotation states what it takes: a type, and any number of checks.

    port: Annotated[int, checks.port] = 8000

A check is a function that raises ValueError with a sentence naming the value and the fix.
"""

import dataclasses
import functools
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, dataclass_transform

from railiance.errors import DeclarationError
from railiance.near_names import near_names

T = TypeVar("T")

MOST_LISTED = 8
"""A class with more fields is referred to by its page."""
REFERENCE = "docs/reference/declaration.md"


@dataclass_transform(
    kw_only_default=True, frozen_default=True, field_specifiers=(dataclasses.field,)
)
def declaration(cls: type[T]) -> type[T]:
    """Makes the class a frozen, keyword-only dataclass whose values are checked on creation.

    Raises DeclarationError for unknown, missing and positional fields, for values of the wrong
    type and for values that a field's checks refuse. A method `validate`, if defined, then checks
    the fields against each other.
    """
    made = dataclasses.dataclass(frozen=True, kw_only=True)(cls)
    assign = made.__init__
    hints = functools.cache(functools.partial(typing.get_type_hints, made, include_extras=True))

    def checked(self: T, *positional: object, **values: object) -> None:
        _refuse_misnamed(made, positional, values)
        assign(self, **values)
        for name, hint in hints().items():
            value = getattr(self, name)
            _refuse_wrong(made, name, functools.partial(check, value, hint))
            if isinstance(value, Mapping):
                object.__setattr__(self, name, types.MappingProxyType(dict(value)))
        validate: Callable[[], None] | None = getattr(self, "validate", None)
        if validate:
            _refuse_wrong(made, "", validate)

    made.__init__ = checked  # type: ignore[method-assign, assignment]
    return made


def _refuse_wrong(cls: type, field: str, check: Callable[[], None]) -> None:
    try:
        check()
    except DeclarationError:
        raise
    except ValueError as error:
        raise DeclarationError(
            f"{'.'.join(filter(None, (cls.__name__, field)))}: {error}"
        ) from None


def _refuse_misnamed(
    cls: Any, positional: tuple[object, ...], values: Mapping[str, object]
) -> None:
    fields = {field.name: field for field in dataclasses.fields(cls)}
    if positional:
        raise DeclarationError(
            f"{cls.__name__}: values are given by name, such as {next(iter(fields))}=…"
        )
    for name in values:
        if name not in fields:
            near = near_names(name, list(fields))
            fix = f"did you mean {' or '.join(near)}?" if near else _listed(list(fields))
            raise DeclarationError(f"{cls.__name__}.{name}: no such field; {fix}")
    for name, field in fields.items():
        defaults = (field.default, field.default_factory)
        if name not in values and all(default is dataclasses.MISSING for default in defaults):
            raise DeclarationError(f"{cls.__name__}.{name}: missing; give {name}=…")


def _listed(fields: list[str]) -> str:
    if len(fields) <= MOST_LISTED:
        return f"it has {', '.join(fields)}"
    return f"{REFERENCE} lists its fields"


def check(value: object, hint: Any) -> None:
    """Raises ValueError if the value is not of the annotated type or one of its checks fails."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        check(value, arguments[0])
        for accept in arguments[1:]:
            accept(value)
    elif origin in (types.UnionType, typing.Union):
        _check_optional(value, arguments)
    elif origin is tuple:
        _refuse_type(value, tuple)
        for number, item in enumerate(typing.cast("tuple[object, ...]", value), 1):
            _check_part(f"item {number}", item, arguments[0])
    elif origin is Mapping:
        _refuse_type(value, Mapping)
        for key, item in typing.cast("Mapping[object, object]", value).items():
            _check_part("a key", key, arguments[0])
            _check_part(repr(key), item, arguments[1])
    elif origin is Callable:
        _refuse_type(value, Callable)
    else:
        _refuse_type(value, hint)


class WrongTypeError(ValueError):
    """A value of the wrong type, which the message does not show."""


def _check_part(place: str, value: object, hint: Any) -> None:
    """Checks a part of a value, and says which part it is if its type is wrong."""
    try:
        check(value, hint)
    except WrongTypeError as error:
        raise WrongTypeError(f"{place}: {error}") from None


def _check_optional(value: object, hints: tuple[Any, ...]) -> None:
    """A field is one type or None (`X | None`), never one of several types."""
    if value is not None:
        check(value, next(hint for hint in hints if hint is not types.NoneType))


def _refuse_type(value: object, expected: type) -> None:
    """Refuses a value of the wrong type without repeating it: it may be a misplaced secret."""
    is_truth_for_number = expected is int and isinstance(value, bool)
    if not isinstance(value, expected) or is_truth_for_number:
        fix = _fix(value, expected)
        raise WrongTypeError(f"takes {_type_name(expected)}, not {_type_name(type(value))}{fix}")


def _fix(value: object, expected: type) -> str:
    if expected is tuple:
        return "; write it ('one', 'two')"
    is_number = isinstance(value, (bool, int, float))
    return "; put it in quotes" if expected is str and is_number else ""


def _type_name(kind: type) -> str:
    words = {
        str: "text",
        int: "a whole number",
        tuple: "a tuple",
        Mapping: "a mapping",
        Callable: "a function",
    }
    return words.get(kind, kind.__name__)
