"""The commands that take a database back to what an older image left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ops.migrations import migration_graph
from ops.migrations.image_migrations import AppMigrations
from ops.migrations.migration_graph import ZERO, Graph, Modules, Outcome, RefusedError
from ops.migrations.migration_module import Key, Module

Apps = Mapping[str, AppMigrations]


class NoWayBackError(Exception):
    """Why no commands can be given."""


@dataclass(frozen=True)
class WayBack:
    """Arguments of `migrate`, and what they do beside what is asked for."""

    commands: tuple[tuple[str, str], ...]
    """Label and name, in this order."""
    again: tuple[Key, ...]
    """What the older image has, and is reversed and applied again nevertheless."""
    removed_columns: tuple[Key, ...]
    """The migrations that removed a column, which comes back empty."""


def find(newer: Apps, older: Apps, unknown: frozenset[Key]) -> WayBack:
    """The commands, run with the newer image, after which the database is as the older left it.

    It is taken for granted that both images have migrated it. Raises NoWayBackError if it cannot
    be known what commands do, or none do exactly this.
    """
    search = _Search(newer, older, unknown)
    search.require_readable()
    commands = search.commands()
    before = search.outcomes(commands)
    back = frozenset[Key]().union(*(outcome.reversed for outcome in before))
    search.require_reversible(back)
    columns = [key for key in back if search.newer[key].removes_columns]
    again = back - search.unknown
    search.require_kept(again)
    return WayBack(tuple(commands), tuple(sorted(again)), tuple(sorted(columns)))


class _Search:
    def __init__(self, newer: Apps, older: Apps, unknown: frozenset[Key]) -> None:
        self.newer, self.older = by_key(newer), by_key(older)
        self.labels = {label for label, _ in unknown}
        # A squash beside what it replaces is a name for it.
        names = {key for key in unknown if self.newer[key].replaces}
        names = {key for key in names if self.newer.keys() >= set(self.newer[key].replaces)}
        self.unknown = unknown - names
        self._newer_apps, self._older_apps = newer, older
        self._start = with_replaced(self.newer)
        self._goal = self._start & with_replaced(self.older)

    def require_readable(self) -> None:
        """Raise NoWayBackError if the graph is not certain where it matters."""
        for app in (*self._newer_apps.values(), *self._older_apps.values()):
            if app.label in self.labels and not app.is_certain:
                raise NoWayBackError(f"the label of the app {app.label} is not certain")
        for label in sorted(self.labels):
            apps = [app.modules for app in self._newer_apps.values() if app.label == label]
            if any(modules != apps[0] for modules in apps):
                raise NoWayBackError(f"the image has {len(apps)} apps with the label {label}")
        for key, module in sorted(self.newer.items()):
            same = key not in self.unknown and module.effect == self._effect_before(key)
            if module.unreadable and (key[0] in self.labels or not same):
                raise NoWayBackError(f"{named(key)} {module.unreadable}")
            if key[0] in self.labels and any(self._replaces(one) for one in module.replaces):
                raise NoWayBackError(f"{named(key)} replaces a migration that replaces others")
        self._require_same_past()

    def _replaces(self, key: Key) -> bool:
        return key in self.newer and bool(self.newer[key].replaces)

    def _effect_before(self, key: Key) -> str:
        return self.older[key].effect if key in self.older else ""

    def _require_same_past(self) -> None:
        """Raise NoWayBackError if an app lost migrations, or may have another name now."""
        here = with_replaced(self.newer)
        lost = [key for key in sorted(self.older) if key not in here]
        lost = [key for key in lost if not here.issuperset(self.older[key].replaces or [key])]
        for key in lost:
            if key[0] in self.labels:
                raise NoWayBackError(
                    f"it lacks {named(key)} of the older image: its history was rewritten"
                )
        gone = sorted({label for label, _ in lost} - {label for label, _ in here})
        new = sorted(self.labels - {label for label, _ in self.older})
        if gone and new:
            raise NoWayBackError(
                f"the app {gone[0]} is gone and {new[0]} is new: the one may be the other, renamed"
            )

    def require_reversible(self, back: frozenset[Key]) -> None:
        """Raise NoWayBackError if Django may refuse to reverse one of them."""
        for key in sorted(back):
            if problem := self.newer[key].irreversible:
                raise NoWayBackError(f"{named(key)} {problem}")

    def require_kept(self, again: frozenset[Key]) -> None:
        """Raise NoWayBackError if an app that the older image has would lose all its tables."""
        graph = Graph.build(self.newer, self._start)
        for key in sorted(again):
            if key in graph.first(key[0]):
                raise NoWayBackError(f"{named(key)} would be reversed, too, with all its data")

    def commands(self) -> list[tuple[str, str]]:
        """As few as there are. Raises NoWayBackError if none lead exactly there."""
        found: list[tuple[str, str]] = []
        recorded = self._start
        while any(key in recorded for key in self.unknown):
            best = max(self._steps(recorded), key=_gain, default=None)
            if best is None:
                raise NoWayBackError("no command reverses exactly these")
            found.append(best.command)
            recorded = best.outcome.recorded
        found += self._forth(recorded)
        if not self._leads_there(found):
            raise NoWayBackError("no command reverses exactly these")
        for command in list(found):
            if self._leads_there(fewer := [one for one in found if one is not command]):
                found = fewer
        return found

    def outcomes(
        self, commands: list[tuple[str, str]], start: frozenset[Key] | None = None
    ) -> list[Outcome]:
        """What each command does, one after the other, by default after all were applied."""
        outcomes, recorded = [], self._start if start is None else start
        for label, name in commands:
            outcomes.append(migration_graph.migrate(self.newer, recorded, label, name))
            recorded = outcomes[-1].recorded
        return outcomes

    def _steps(self, recorded: frozenset[Key]) -> Iterator[_Step]:
        """The commands that reverse something of what is unknown."""
        for label in sorted(self.labels):
            known = [name for own, name in sorted(self.newer) if own == label]
            known = [name for name in known if (label, name) not in self.unknown]
            for name in known or [ZERO]:
                try:
                    outcome = migration_graph.migrate(self.newer, recorded, label, name)
                except RefusedError:
                    continue
                goes_on = migration_graph.is_consistent(self.newer, outcome.recorded)
                if outcome.reversed & self.unknown and goes_on:
                    beside = len(outcome.reversed - self.unknown)
                    yield _Step((label, name), outcome, beside)

    def _forth(self, recorded: frozenset[Key]) -> list[tuple[str, str]]:
        """The commands that apply again what the older image has."""
        missing = {key for key in self._goal if key not in recorded and key in self.newer}
        covered = {key for one in missing for key in self.newer[one].dependencies}
        return sorted(missing - covered)

    def _leads_there(self, commands: list[tuple[str, str]]) -> bool:
        """Whether exactly what the older image lacks is gone, and it finds nothing to apply.

        Also if nothing of it was ever applied.
        """
        try:
            ends = [self.outcomes(commands, start) for start in (self._start, self._goal)]
        except RefusedError:
            return False
        return bool(commands) and all(self._is_goal(end[-1].recorded) for end in ends)

    def _is_goal(self, recorded: frozenset[Key]) -> bool:
        seen = recorded | (with_replaced(self.older) - self._start)
        is_left_alone = not migration_graph.pending(self.older, seen)
        is_left_alone &= migration_graph.is_consistent(self.older, seen)
        return is_left_alone and not recorded & self.unknown and self._goal <= recorded


@dataclass(frozen=True)
class _Step:
    command: tuple[str, str]
    outcome: Outcome
    beside: int
    """How many it reverses that the older image has."""


def _gain(step: _Step) -> tuple[int, int]:
    return -step.beside, len(step.outcome.reversed)


def named(key: Key) -> str:
    """A migration, as messages name it."""
    return ".".join(key)


def by_key(apps: Apps) -> Modules:
    """The migrations of all apps; of two with one label and name, one with the edges of both."""
    found: dict[Key, Module] = {}
    for app in apps.values():
        for name, module in app.modules.items():
            key = (app.label, name)
            found[key] = _both(found[key], module) if key in found else module
    return found


def _both(one: Module, other: Module) -> Module:
    return replace(
        one,
        dependencies=one.dependencies | other.dependencies,
        run_before=one.run_before | other.run_before,
        unreadable=one.unreadable or other.unreadable,
        irreversible=one.irreversible or other.irreversible,
    )


def with_replaced(modules: Modules) -> frozenset[Key]:
    """What is recorded once all are applied."""
    return frozenset(modules).union(*(module.replaces for module in modules.values()))
