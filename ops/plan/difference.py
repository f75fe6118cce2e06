"""The difference of two objects, field by field."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ops.kinds.description.rule import ABSENT
from ops.plan.merge_keys import identities, keys_of

MOVED = "[order]"
"""The last segment of a change in nothing but the order of a list's items."""

WHOLE = ("command", "args")
"""Lists that are compared as a whole: a word more shifts all that follow."""


@dataclass(frozen=True)
class Field:
    """A field that differs: where, and what it was and is."""

    path: tuple[str, ...]
    """The keys that lead there; a list's item is `[its key]`."""
    old: Any
    new: Any

    def __str__(self) -> str:
        """The path as people write it."""
        text = ""
        for segment in self.path:
            text += segment if segment.startswith("[") or not text else f".{segment}"
        return text

    @property
    def shape(self) -> tuple[str, ...]:
        """The path with every list item written `[]`, which is what rules are about."""
        return tuple("[]" if s.startswith("[") and s != MOVED else s for s in self.path)

    def leaves(self) -> Iterator["Field"]:
        """The field, or, where a whole branch comes or goes, each field in it."""
        if self.old is ABSENT:
            yield from (Field(path, ABSENT, value) for path, value in _leaves(self.path, self.new))
        elif self.new is ABSENT:
            yield from (Field(path, value, ABSENT) for path, value in _leaves(self.path, self.old))
        else:
            yield self


def difference(old: Any, new: Any) -> list[Field]:
    """What differs between two documents, a branch that comes or goes as one field."""
    return list(_compare((), (), old, new))


def _compare(path: tuple[str, ...], shape: tuple[str, ...], old: Any, new: Any) -> Iterator[Field]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            before, after = old.get(key, ABSENT), new.get(key, ABSENT)
            yield from _compare((*path, str(key)), (*shape, str(key)), before, after)
    elif isinstance(old, list) and isinstance(new, list) and path[-1] not in WHOLE:
        yield from _compare_lists(path, shape, old, new)
    elif type(old) is not type(new) or old != new:
        yield Field(path, old, new)


def _compare_lists(
    path: tuple[str, ...], shape: tuple[str, ...], old: list[Any], new: list[Any]
) -> Iterator[Field]:
    keys = keys_of(shape)
    before = identities(old, keys) if keys is not None else None
    after = identities(new, keys) if keys is not None else None
    known = before is not None and after is not None
    if before is None or after is None:
        before, after = [str(n) for n in range(len(old))], [str(n) for n in range(len(new))]
    olds, news = dict(zip(before, old, strict=True)), dict(zip(after, new, strict=True))
    for key in {**olds, **news}:
        item = f"[{key}]"
        was, is_ = olds.get(key, ABSENT), news.get(key, ABSENT)
        yield from _compare((*path, item), (*shape, "[]"), was, is_)
    if known and keys:
        kept = [key for key in before if key in news]
        order = [key for key in after if key in olds]
        if kept != order:
            yield Field((*path, MOVED), kept, order)


def _leaves(path: tuple[str, ...], value: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves((*path, str(key)), inner)
    elif isinstance(value, list) and value:
        for number, inner in enumerate(value):
            yield from _leaves((*path, f"[{number}]"), inner)
    else:
        yield path, value
