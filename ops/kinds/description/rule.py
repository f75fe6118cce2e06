"""What a change of an object does, field by field.

The rules of a kind stand with it; the first that fits a field counts. What no rule fits is
unknown, and never silently harmless.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from ops.kinds.description.effect import Effect


class _Absent:
    """No value at all, which is something else than null."""

    def __repr__(self) -> str:
        return "absent"


ABSENT: Final = _Absent()

CREATED, DELETED = "(created)", "(deleted)"
"""Stand for a field where the object as a whole is created or deleted."""

When = Callable[[Any, Any], bool]
Detail = Callable[[Any, Any], str]

Pattern = tuple[tuple[str, ...], str | None]


@dataclass(frozen=True)
class Rule:
    """For these fields this effect, for this reason."""

    fields: str
    """Paths, several with blanks between; a path stands for all below it. After `|` comes one more
    key, in which `*` stands for anything."""
    effect: Effect
    reason: str
    source: str
    when: When | None = None
    """Asked with the old and the new value, for rules that depend on them. Where the object as a
    whole is created or deleted, the value that there is, is the object."""
    detail: Detail | None = None
    """What follows after the reason, from the object before and after; empty for nothing."""

    @cached_property
    def patterns(self) -> list[Pattern]:
        """Each path as its keys, and the pattern of one more key."""
        return [_pattern(text) for text in self.fields.split()]


def _pattern(text: str) -> Pattern:
    path, bar, key = text.partition("|")
    return tuple(path.split(".")), key if bar else None


def was_there(old: Any, _new: Any) -> bool:
    """The field had a value before."""
    return old is not ABSENT


def replaced(old: Any, new: Any) -> bool:
    """The field had a value before, and has another now."""
    return old is not ABSENT and new is not ABSENT


def became(value: Any) -> When:
    """The field has this value now."""
    return lambda _old, new: bool(new == value)
