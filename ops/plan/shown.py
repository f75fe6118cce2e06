"""A field's old and new value as people read them: without what both have in common."""

import difflib
import re
import shlex
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from ops.kinds.description.rule import ABSENT
from ops.plan.change import Change, Judged
from ops.plan.wording import HIDDEN, values

_DIGEST = re.compile(r"(sha256:[0-9a-f]{12})[0-9a-f]{52}")
_TAG = re.compile(r":[^/:]*$")
ELLIPSIS = "…"
MOST_LINES = 12
LONGEST_WORD = 60


def old_and_new(change: Change, judged: Judged) -> tuple[str, str]:
    """Both values in short; secrets are never shown."""
    field = judged.field
    if HIDDEN in values(change, judged):
        return values(change, judged)
    if isinstance(field.old, list) and isinstance(field.new, list):
        old, new = _words(field.old, field.new)
    elif field.path[-1] == "image" and isinstance(field.old, str) and isinstance(field.new, str):
        old, new = _images(field.old, field.new)
    else:
        old, new = (_text(side, field.path[-1]) for side in (field.old, field.new))
    return _without_digests(old), _without_digests(new)


def line_difference(change: Change, judged: Judged) -> list[str]:
    """The lines of a file that differ, each with + or -; none if it is no file of a ConfigMap."""
    field = judged.field
    if change.manifest.kind != "ConfigMap" or field.path[0] != "data":
        return []
    if HIDDEN in values(change, judged):
        return []
    old, new = ("" if side is ABSENT else str(side) for side in (field.old, field.new))
    found = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0)
    lines = [line for line in found if not line.startswith(("---", "+++", "@@"))]
    more = len(lines) - MOST_LINES
    return lines if more <= 0 else [*lines[:MOST_LINES], f"and {more:,} more lines"]


def _without_digests(text: str) -> str:
    """With the first twelve characters of each digest, as registries show them."""
    return _DIGEST.sub(rf"\1{ELLIPSIS}", text)


def _images(old: str, new: str) -> tuple[str, str]:
    """Without the repository's path, if it is the same."""
    before, after = (_TAG.sub("", image.partition("@")[0]) for image in (old, new))
    path = before.rpartition("/")[0]
    return (old[len(path) + 1 :], new[len(path) + 1 :]) if path and before == after else (old, new)


def _words(old: Sequence[Any], new: Sequence[Any]) -> tuple[str, str]:
    """The words of two commands from the first that differs to the last, after the one before."""
    before = next(
        (n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b),
        min(len(old), len(new)),
    )
    rest = min(len(old), len(new)) - before
    after = next(
        (n for n in range(rest) if old[-1 - n] != new[-1 - n]),
        rest,
    )
    first = max(before - 1, 0)
    if first == min(len(old), len(new)) - after:  # one of them would have no word left
        after = max(after - 1, 0)
    return _part(old, first, len(old) - after), _part(new, first, len(new) - after)


def _part(words: Sequence[Any], first: int, last: int) -> str:
    shown = [_word(str(word)) for word in words[first:last]]
    start, end = [ELLIPSIS] * (first > 0), [ELLIPSIS] * (last < len(words))
    return " ".join(word for word, _ in groupby([*start, *shown, *end]))


def _word(word: str) -> str:
    """A word as a shell reads it; of a script, that there is one."""
    return ELLIPSIS if len(word) > LONGEST_WORD else shlex.quote(word)


def _command(words: Sequence[Any]) -> str:
    return " ".join(_word(str(word)) for word in words)


def _text(value: Any, item: str) -> str:
    """A value; of a branch that comes or goes what its place does not state already."""
    if value is ABSENT:
        return "absent"
    if not isinstance(value, dict):
        return _command(value) if isinstance(value, list) else str(value)
    if "image" in value and isinstance(value.get("command"), list):
        return _command(value["command"])
    leaves = [(k, v) for k, v in _leaves("", value) if f"[{v}]" != item]
    if len(leaves) == 1 and leaves[0][0] == "value":
        return leaves[0][1]
    return ", ".join(f"{key}: {text}" for key, text in leaves)


def _leaves(place: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(f"{place}.{key}" if place else str(key), inner)
    elif isinstance(value, list) and all(isinstance(item, str) for item in value):
        yield place, _command(value)
    else:
        yield place, str(value)
