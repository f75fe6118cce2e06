"""Compares what the operator's tool foresees of `migrate` with Django's own plan, at random.

Run by the stand-in's Python, which has Django: `python -m tests.e2e.django_plans COUNT`.
"""

from __future__ import annotations

import random
import sys
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings
from django.db.migrations import Migration
from django.db.migrations.exceptions import CircularDependencyError, NodeNotFoundError
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from ops.migrations import migration_graph
from ops.migrations.migration_graph import ZERO, RefusedError
from ops.migrations.migration_module import Key, Module

if TYPE_CHECKING:
    from collections.abc import Mapping

    Modules = Mapping[Key, Module]

SQUASHED = "squashed"


class Loader(MigrationLoader):  # type: ignore[misc] # has no types
    """Django's loader, for migrations and records that are given."""

    def __init__(self, modules: Modules, recorded: frozenset[Key]) -> None:
        self.modules, self.recorded = modules, recorded
        super().__init__(None)

    @property
    def applied_migrations(self) -> dict[Key, Any]:
        """What the database has recorded, and what Django has made of it since."""
        return self._applied

    @applied_migrations.setter
    def applied_migrations(self, _: object) -> None:
        """Without a database Django begins with none."""
        self._applied = dict.fromkeys(self.recorded)

    def load_disk(self) -> None:
        """Take the given migrations for what is on the disk."""
        self.disk_migrations, self.unmigrated_apps = {}, set[str]()
        self.migrated_apps = {label for label, _ in self.modules}
        for (label, name), module in self.modules.items():
            made = Migration(name, label)
            made.dependencies = list(module.dependencies)
            made.replaces, made.run_before = list(module.replaces), list(module.run_before)
            self.disk_migrations[label, name] = made


class Executor(MigrationExecutor):  # type: ignore[misc] # has no types
    """Django's executor, of which only the plan is asked."""

    def __init__(self, loader: Loader) -> None:
        self.loader = loader


def plan(modules: Modules, recorded: frozenset[Key], label: str, name: str) -> list[set[Key]]:
    """What Django would reverse, and what it would apply."""
    loader = Loader(modules, recorded)
    target: tuple[str, str | None] = (label, None if name == ZERO else name)
    if target[1] and target not in loader.graph.nodes and target in loader.replacements:
        target = loader.replacements[target].replaces[-1]
    steps = Executor(loader).migration_plan([target])
    return [{(m.app_label, m.name) for m, back in steps if back is way} for way in (True, False)]


def made_up(chance: random.Random) -> dict[Key, Module]:
    """Two apps with branches, dependencies on each other, `run_before` and a squash."""
    keys: list[Key] = []
    dependencies: dict[Key, set[Key]] = {}
    for number in range(chance.randint(2, 8)):
        key = (chance.choice("ab"), f"000{number}")
        own = [one for one in keys if one[0] == key[0]]
        other = [one for one in keys if one[0] != key[0]]
        dependencies[key] = set(chance.sample(own, min(len(own), chance.choice((1, 1, 1, 2)))))
        if other and chance.random() < 0.4:
            special = [(other[0][0], "__first__"), (other[0][0], "__latest__")]
            dependencies[key].add(chance.choice([*other, *special]))
        keys.append(key)
    first, *later = keys
    before = [one for one in later if one[0] != first[0] and chance.random() < 0.2]
    made = {key: Module(dependencies=frozenset(dependencies[key])) for key in keys}
    made[first] = Module(dependencies=made[first].dependencies, run_before=frozenset(before))
    return made | _squash(made, chance)


def _squash(made: dict[Key, Module], chance: random.Random) -> dict[Key, Module]:
    replaced = [key for key in made if key[0] == "a"][: chance.randint(0, 4)]
    outside = {one for key in replaced for one in made[key].dependencies} - set(replaced)
    squash = Module(dependencies=frozenset(outside), replaces=tuple(replaced))
    return {("a", SQUASHED): squash} if replaced else {}


def agreed(chance: random.Random) -> int:
    """How many commands, one after the other, do what was foreseen; SystemExit if one does not."""
    modules = made_up(chance)
    recorded = frozenset(modules) if chance.random() < 0.6 else frozenset[Key]()
    count = 0
    for _ in range(4):
        label = chance.choice(sorted({label for label, _ in modules}))
        name = chance.choice([*(name for own, name in modules if own == label), ZERO])
        try:
            foreseen = migration_graph.migrate(modules, recorded, label, name)
            found = plan(modules, recorded, label, name)
        except (CircularDependencyError, NodeNotFoundError, RefusedError):
            break
        if found != [foreseen.reversed, foreseen.applied]:
            sys.exit(f"{modules}\n{sorted(recorded)}\nmigrate {label} {name}: {found}, {foreseen}")
        recorded, count = foreseen.recorded, count + 1
    return count


if __name__ == "__main__":
    settings.configure()
    django.setup()
    chance = random.Random(18)  # noqa: S311 (not for secrets)
    print(sum(agreed(chance) for _ in range(int(sys.argv[1]))))
