"""One migration, read from its source without running it.

Source: Django 6.1, db/migrations/migration.py and operations/; the attributes and what they mean
are the same since 4.2.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Key = tuple[str, str]
"""The label of an app and the name of a migration, as Django records them."""

REVERSIBLE = frozenset(
    f"django.db.migrations.{name}"
    for name in (
        *("CreateModel", "DeleteModel", "RenameModel", "AlterModelTable", "AlterModelTableComment"),
        *("AlterModelOptions", "AlterModelManagers", "AlterOrderWithRespectTo"),
        *("AlterUniqueTogether", "AlterIndexTogether"),
        *("AddField", "AlterField", "RenameField", "RemoveField"),
        *("AddIndex", "RemoveIndex", "RenameIndex"),
        *("AddConstraint", "AlterConstraint", "RemoveConstraint"),
    )
) | {
    f"django.contrib.postgres.operations.{name}"
    for name in (
        *("AddIndexConcurrently", "RemoveIndexConcurrently"),
        *("AddConstraintNotValid", "ValidateConstraint"),
    )
}
"""The operations that Django can always reverse."""
REVERSE_ARGUMENT = {
    "django.db.migrations.RunPython": "reverse_code",
    "django.db.migrations.RunSQL": "reverse_sql",
}
"""The operations that can be reversed if their second argument says how."""
STATE_AND_DATABASE = "django.db.migrations.SeparateDatabaseAndState"
MIGRATION = "django.db.migrations.Migration"
SWAPPABLE = "django.db.migrations.swappable_dependency"
COLUMN_REMOVED = "django.db.migrations.RemoveField"
NOT_IN_DATABASE = frozenset(
    (
        *("blank", "choices", "editable", "error_messages", "help_text", "limit_choices_to"),
        *("on_delete", "related_name", "related_query_name", "validators", "verbose_name"),
        *("verbose_name_plural", "managers"),
    )
)
"""Arguments that change nothing in the database. Source: Django, Field.non_db_attrs."""
MIGRATIONS, OPERATIONS = "django.db.migrations.", "django.db.migrations.operations."


@dataclass(frozen=True)
class Module:
    """A migration, as far as it can be read."""

    dependencies: frozenset[Key] = frozenset()
    """Without those on a swappable model, whose app is a setting."""
    replaces: tuple[Key, ...] = ()
    run_before: frozenset[Key] = frozenset()
    unreadable: str = ""
    """Why its place in the graph is unknown; empty if it is known."""
    irreversible: str = ""
    """Why it may not be reversible; empty if it is."""
    removes_columns: bool = False
    effect: str = ""
    """The same for two migrations that do the same to the database; empty if that is unknown."""


def read(source: bytes | None) -> Module:
    """Read a migration's source; None for a file that is none, such as a compiled one."""
    if source is None:
        return Module(unreadable="is not Python source", irreversible="is not Python source")
    try:
        tree = ast.parse(source)
        return _Reading(tree).module()
    except _UnreadableError as problem:
        why = str(problem)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        why = "cannot be parsed"
    return Module(unreadable=why, irreversible=why, effect=hashlib.sha256(source).hexdigest())


class _UnreadableError(Exception):
    """Why a migration cannot be read."""


class _Reading:
    """A migration while it is read."""

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self._imported = dict(_imports(tree))
        self._class = self._migration_class()
        self._attributes = dict(self._assignments())

    def module(self) -> Module:
        """The migration. Raises _UnreadableError if something is computed."""
        operations = list(self._listed("operations"))
        return Module(
            dependencies=frozenset(self._keys("dependencies")),
            replaces=tuple(self._keys("replaces")),
            run_before=frozenset(self._keys("run_before")),
            irreversible=next(filter(None, map(self._irreversible, operations)), ""),
            removes_columns=any(self._name(one) == COLUMN_REMOVED for one in _calls(operations)),
            effect=self._effect(),
        )

    def _migration_class(self) -> ast.ClassDef:
        classes = [node for node in self._tree.body if isinstance(node, ast.ClassDef)]
        found = [node for node in classes if node.name == "Migration"]
        if len(found) != 1:
            raise _UnreadableError("defines no class Migration")
        bases = [self._name(base) for base in found[0].bases]
        if bases != [MIGRATION]:
            raise _UnreadableError(
                "has a class that is not derived from migrations.Migration alone"
            )
        if found[0].decorator_list or any(map(_names_migration, ast.walk(self._tree))):
            raise _UnreadableError("changes its class after it is defined")
        return found[0]

    def _assignments(self) -> Iterator[tuple[str, ast.expr]]:
        """The attributes of the class, each assigned once and nothing else done."""
        seen: set[str] = set()
        for node in self._class.body:
            if isinstance(node, ast.Pass) or _is_text(node):
                continue
            name, value = _assigned(node)
            if value is None or name in seen:
                raise _UnreadableError(f"computes what it does (line {node.lineno})")
            seen.add(name)
            yield name, value

    def _listed(self, attribute: str) -> Sequence[ast.expr]:
        value = self._attributes.get(attribute)
        if value is None:
            return []
        if not isinstance(value, ast.List | ast.Tuple):
            raise _UnreadableError(f"computes its {attribute} (line {value.lineno})")
        return value.elts

    def _keys(self, attribute: str) -> Iterator[Key]:
        for element in self._listed(attribute):
            if isinstance(element, ast.Call) and self._name(element.func) == SWAPPABLE:
                continue
            try:
                label, name = ast.literal_eval(element)
            except (ValueError, TypeError):
                problem = f"computes its {attribute} (line {element.lineno})"
                raise _UnreadableError(problem) from None
            yield str(label), str(name)

    def _name(self, node: ast.AST) -> str:
        """The full name of what an expression, or the call of one, refers to."""
        if isinstance(node, ast.Call):
            return self._name(node.func)
        if isinstance(node, ast.Attribute):
            return f"{self._name(node.value)}.{node.attr}"
        return self._imported.get(node.id, node.id) if isinstance(node, ast.Name) else ""

    def _irreversible(self, operation: ast.expr) -> str:
        """Why an operation may not be reversible; empty if it is."""
        name = self._name(operation)
        if not isinstance(operation, ast.Call) or name == "":
            return f"computes its operations (line {operation.lineno})"
        if argument := REVERSE_ARGUMENT.get(name):
            short = f"{name.rpartition('.')[2]} without {argument}"
            return "" if _has(operation, argument) else f"has {short} (line {operation.lineno})"
        if name == STATE_AND_DATABASE:
            return self._irreversible_inside(operation)
        if name not in REVERSIBLE:
            return f"has {name.rpartition('.')[2]}, which may not be reversible"
        return ""

    def _irreversible_inside(self, operation: ast.Call) -> str:
        given = [*operation.args, *(keyword.value for keyword in operation.keywords)]
        for value in given:
            if not isinstance(value, ast.List | ast.Tuple):
                return f"computes its operations (line {value.lineno})"
            if problem := next(filter(None, map(self._irreversible, value.elts)), ""):
                return problem
        return ""

    def _effect(self) -> str:
        """What it does to the database, without how it is written and where it stands."""
        operations = self._listed("operations")
        for call in _calls(operations):
            call.keywords = [one for one in call.keywords if one.arg not in NOT_IN_DATABASE]
        beside = [
            node
            for node in self._tree.body
            if not isinstance(node, ast.Import | ast.ImportFrom) and not _is_text(node)
        ]
        parts = [ast.dump(node) for node in (*beside, *operations) if node is not self._class]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _assigned(node: ast.stmt) -> tuple[str, ast.expr | None]:
    """The name and the value of a plain assignment; no value if a statement is none."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign):
        targets = [node.target]
    if len(targets) != 1 or not isinstance(targets[0], ast.Name):
        return "", None
    return targets[0].id, getattr(node, "value", None)


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Each imported name with its full name."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                package = alias.name.partition(".")[0]
                yield (alias.asname, alias.name) if alias.asname else (package, package)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield alias.asname or alias.name, full.replace(OPERATIONS, MIGRATIONS)


def _calls(nodes: Sequence[ast.AST]) -> Iterator[ast.Call]:
    for node in nodes:
        for part in ast.walk(node):
            if isinstance(part, ast.Call):
                yield part


def _names_migration(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "Migration"


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _has(call: ast.Call, argument: str) -> bool:
    """Whether an operation has its second argument."""
    given = [keyword.value for keyword in call.keywords if keyword.arg == argument]
    value = next(iter([*call.args[1:2], *given]), None)
    return value is not None and not (isinstance(value, ast.Constant) and value.value is None)
