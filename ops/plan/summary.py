"""An Application's changes with what repeats said once: a new image is one line, not ten."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ops.documents.workload import Workload
from ops.plan.change import Change, Judged
from ops.plan.model import AppPlan
from ops.plan.shown import line_difference, old_and_new

MOST_TOGETHER = 8
"""So many objects in one entry at most."""
_CONTAINERS = ("containers", "initContainers")
_Key = tuple[str, str, str]


@dataclass(frozen=True)
class Repeated:
    """One change of pods in several containers or objects."""

    field: str
    """The field, below its container or pod."""
    old: str
    new: str
    places: Sequence[str]
    """The objects, by kind and name; with their containers if it is not all of them."""


@dataclass(frozen=True)
class Line:
    """A field of one object."""

    field: str
    old: str
    new: str
    lines: Sequence[str]
    """The lines that differ, if the value is a file; old and new then say no more."""
    judged: Judged | None
    """What this does, if it is less than what happens to the object as a whole."""


@dataclass(frozen=True)
class Entry:
    """Objects to which the same happens, for the same reasons; one alone if it has own lines."""

    changes: Sequence[Change]
    reasons: Sequence[tuple[str, str]]
    """Why the effect is what it is, each with where that is known from, if it is."""
    lines: Sequence[Line]

    @property
    def change(self) -> Change:
        """The first of them, whose effect is that of all."""
        return self.changes[0]


@dataclass(frozen=True)
class Summary:
    """What happens to an Application's objects."""

    repeated: Sequence[Repeated]
    entries: Sequence[Entry]


def summary(app: AppPlan) -> Summary:
    """The changes of an Application, each kind of object in its order."""
    places: dict[_Key, list[tuple[Change, Judged]]] = defaultdict(list)
    for change in app.changes:
        for judged in change.fields:
            if label := _label(judged):
                places[label, *old_and_new(change, judged)].append((change, judged))
    repeated = {key: found for key, found in places.items() if len(found) > 1}
    grouped = {id(judged) for found in repeated.values() for _, judged in found}
    return Summary(
        [Repeated(*key, _places(found)) for key, found in repeated.items()],
        list(_together([_entry(change, grouped) for change in app.changes])),
    )


def _label(judged: Judged) -> str:
    """A pod template's field without what differs among workloads; empty for any other field."""
    path = judged.field.path
    if "template" not in path:
        return ""
    below = path[len(path) - path[::-1].index("template") :]
    below = below[3:] if below[1:2] and below[1] in _CONTAINERS else below[1:]
    return "".join(s if s.startswith("[") or not n else f".{s}" for n, s in enumerate(below))


def _places(found: Sequence[tuple[Change, Judged]]) -> list[str]:
    containers: dict[str, list[str]] = defaultdict(list)
    all_of: dict[str, int] = {}
    for change, judged in found:
        path = judged.field.path
        name = f"{change.manifest.kind} {change.manifest.name}"
        all_of[name] = len(Workload(change.manifest).containers)
        containers[name] += [
            path[n + 1].strip("[]") for n, part in enumerate(path[:-1]) if part in _CONTAINERS
        ]
    return [
        f"{name} ({', '.join(those)})" if those and len(those) < all_of[name] else name
        for name, those in containers.items()
    ]


def _entry(change: Change, grouped: set[int]) -> Entry:
    own = [judged for judged in change.fields if id(judged) not in grouped]
    worst = [judged for judged in change.judged if judged.effect is change.effect]
    reasons = dict.fromkeys((judged.reason, judged.source) for judged in worst)
    return Entry([change], list(reasons), [_line(change, judged) for judged in own])


def _line(change: Change, judged: Judged) -> Line:
    lines = line_difference(change, judged)
    less = judged if judged.effect is not change.effect else None
    return Line(str(judged.field), *old_and_new(change, judged), lines, less)


def _together(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Entries that say the same are one, in the place of the first."""
    same: dict[tuple[object, ...], list[Change]] = defaultdict(list)
    for entry in entries:
        if not entry.lines:
            same[_meaning(entry)] += entry.changes
    for entry in entries:
        if entry.lines:
            yield entry
            continue
        changes = same.pop(_meaning(entry), [])
        for start in range(0, len(changes), MOST_TOGETHER):
            yield Entry(changes[start : start + MOST_TOGETHER], entry.reasons, [])


def _meaning(entry: Entry) -> tuple[object, ...]:
    return entry.change.effect, *entry.reasons
