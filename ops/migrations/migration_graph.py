"""What `migrate LABEL NAME` does to a database, by Django's rules.

Source: Django 6.1, db/migrations/loader.py, graph.py and executor.py. Squashes of squashes, for
which versions differ, are refused by whoever asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field

from ops.migrations.migration_module import Key, Module

Modules = Mapping[Key, Module]
ZERO = "zero"
"""The name that reverses every migration of an app."""


class RefusedError(Exception):
    """Why Django would refuse the command."""


@dataclass
class Graph:
    """The migrations that count, with their edges, for what a database has recorded."""

    parents: dict[Key, set[Key]] = field(default_factory=dict)
    children: dict[Key, set[Key]] = field(default_factory=dict)

    @classmethod
    def build(cls, modules: Modules, recorded: Set[Key], *, replace: bool = True) -> Graph:
        """Link the migrations, and put squashes into the place of what they replace."""
        graph = cls({key: set() for key in modules}, {key: set() for key in modules})
        for key, module in modules.items():
            for parent in module.dependencies:
                if parent[0] == key[0] and parent[1] != "__first__":
                    graph._link(key, parent)
        for key, module in modules.items():
            for parent in module.dependencies:
                if parent[0] != key[0]:
                    graph._link(key, graph._resolved(parent))
            for child in module.run_before:
                graph._link(graph._resolved(child), key)
        if replace:
            for key, module in modules.items():
                graph._put_in_place(key, module.replaces, recorded)
        return graph.only(modules)

    def only(self, keys: Iterable[Key]) -> Graph:
        """Without migrations that only a dependency names."""
        kept = self.parents.keys() & set(keys)
        return Graph(
            {key: self.parents[key] & kept for key in kept},
            {key: self.children[key] & kept for key in kept},
        )

    def first(self, label: str) -> list[Key]:
        """The migrations of an app that depend on no other of it."""
        own = [key for key in self.parents if key[0] == label]
        return sorted(k for k in own if all(parent[0] != label for parent in self.parents[k]))

    def last(self, label: str) -> list[Key]:
        """The migrations of an app on which no other of it depends."""
        own = [key for key in self.children if key[0] == label]
        return sorted(k for k in own if all(child[0] != label for child in self.children[k]))

    def above(self, start: Key) -> set[Key]:
        """The migration, and whatever depends on it."""
        return _reached(start, lambda key: self.children[key])

    def below(self, start: Key) -> set[Key]:
        """The migration, and whatever it depends on."""
        return _reached(start, lambda key: self.parents[key])

    def _resolved(self, key: Key) -> Key:
        label, name = key
        if key in self.parents or name not in ("__first__", "__latest__"):
            return key
        found = self.first(label) if name == "__first__" else self.last(label)
        return found[0] if found else key

    def _link(self, child: Key, parent: Key) -> None:
        for key in (child, parent):
            self.parents.setdefault(key, set())
            self.children.setdefault(key, set())
        self.parents[child].add(parent)
        self.children[parent].add(child)

    def _put_in_place(self, squash: Key, replaced: tuple[Key, ...], recorded: Set[Key]) -> None:
        """Let a squash stand for what it replaces, unless only a part of that is applied."""
        if not replaced:
            return
        applied = [key in recorded for key in replaced]
        if all(applied) or not any(applied):
            self._drop(set(replaced), heir=squash)
            return
        latest = {key for key in replaced if key in self.parents}
        latest -= {parent for key in latest for parent in self.parents[key]}
        children, _ = self._unlink(squash)
        for child in children:
            for key in latest:
                self._link(child, key)

    def _drop(self, replaced: set[Key], heir: Key) -> None:
        for key in replaced & self.parents.keys():
            children, parents = self._unlink(key)
            for child in children - replaced - {heir}:
                self._link(child, heir)
            for parent in parents - replaced - {heir}:
                self._link(heir, parent)

    def _unlink(self, key: Key) -> tuple[set[Key], set[Key]]:
        children, parents = self.children.pop(key), self.parents.pop(key)
        for child in children:
            self.parents[child].discard(key)
        for parent in parents:
            self.children[parent].discard(key)
        return children, parents


@dataclass(frozen=True)
class Outcome:
    """What a command does."""

    recorded: frozenset[Key]
    """What the database has recorded afterwards."""
    reversed: frozenset[Key]
    applied: frozenset[Key]


def migrate(modules: Modules, recorded: frozenset[Key], label: str, name: str) -> Outcome:
    """Run `migrate LABEL NAME`. Raises RefusedError where Django refuses."""
    if not is_consistent(modules, recorded):
        raise RefusedError("a migration is applied before one that it depends on")
    graph = Graph.build(modules, recorded)
    done = _done(modules, graph, recorded)
    if name == ZERO:
        roots = graph.first(label)
        return _after(modules, recorded, _all(map(graph.above, roots)) & done, frozenset())
    target = (label, name)
    alike = [key for key in modules if key[0] == label and key[1].startswith(name)]
    if alike != [target]:
        raise RefusedError(f"{label}.{name} is the beginning of another migration's name")
    if target not in graph.parents and modules[target].replaces:
        target = modules[target].replaces[-1]  # only a part of what it replaces is applied
    if target not in graph.parents:
        graph = Graph.build(modules, recorded, replace=False)
        done = recorded & graph.parents.keys()
    if target in done:
        next_ones = [key for key in graph.children[target] if key[0] == label]
        return _after(modules, recorded, _all(map(graph.above, next_ones)) & done, frozenset())
    return _after(modules, recorded, frozenset(), graph.below(target) - done)


def pending(modules: Modules, recorded: frozenset[Key]) -> frozenset[Key]:
    """What `migrate` would apply."""
    graph = Graph.build(modules, recorded)
    return frozenset(graph.parents.keys() - _done(modules, graph, recorded))


def is_consistent(modules: Modules, recorded: frozenset[Key]) -> bool:
    """Whether Django accepts the records: nothing is applied before what it depends on."""
    graph = Graph.build(modules, recorded)
    done = _done(modules, graph, recorded) | recorded
    return all(graph.parents[key] <= done for key in graph.parents.keys() & recorded)


def _done(modules: Modules, graph: Graph, recorded: frozenset[Key]) -> frozenset[Key]:
    """The applied migrations that count; a squash is applied if all that it replaces is."""
    squashes = {key for key in graph.parents if modules[key].replaces}
    replaced = {key for key in squashes if recorded.issuperset(modules[key].replaces)}
    return frozenset((graph.parents.keys() & recorded) - squashes | replaced)


def _after(modules: Modules, recorded: frozenset[Key], back: Set[Key], forth: Set[Key]) -> Outcome:
    """A squash is recorded with all that it replaces, and in its place once that all is."""
    gone = back | _all(set(modules[key].replaces) for key in back)
    come = forth | _all(set(modules[key].replaces) for key in forth)
    now = (recorded - gone) | come
    for key, module in modules.items():
        if module.replaces and now.issuperset(module.replaces):
            now |= {key}
    return Outcome(frozenset(now), frozenset(back), frozenset(forth))


def _all(sets: Iterable[Set[Key]]) -> frozenset[Key]:
    return frozenset[Key]().union(*sets)


def _reached(start: Key, following: Callable[[Key], Iterable[Key]]) -> set[Key]:
    found, waiting = {start}, [start]
    while waiting:
        new = set(following(waiting.pop())) - found
        found |= new
        waiting += new
    return found
