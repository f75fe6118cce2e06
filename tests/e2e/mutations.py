"""Documents with one thing changed in each, at random but the same in every run."""

from __future__ import annotations

import copy
import json
import random
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import islice, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ops.objects.base import Document

ROOT = Path(__file__).parent.parent.parent
CORE = ROOT / f".tools/schemas/v{frozen.RAILIANCE01.kubernetes_version}.0"
CUSTOM = ROOT / "imports/schemas"

Path_ = tuple[str | int, ...]
Schema = dict[str, Any]

LEFT_ALONE = {
    *(("apiVersion",), ("kind",), ("metadata",)),
    *(("metadata", "namespace"), ("metadata", "name")),
}
"""They decide under which address the object is sent."""
TEXTS = ("", " ", "Not Valid", "a/b", "-x", "x_y", "..", "x" * 300, "10.0.0.256", "0", "*", "http")
NUMBERS = (-1, 0, 1, 2, 65535, 65536, 2**31 - 1, 2**31, 2**40)
GROWN_LEVELS = 3


@dataclass(frozen=True)
class Mutation:
    """A document, and what was changed in it."""

    where: str
    document: Document

    def __str__(self) -> str:
        return f"{self.document['kind']} {self.document['metadata'].get('name')}: {self.where}"


def mutations(documents: Sequence[Document], count: int, seed: int) -> list[Mutation]:
    """So many of all that there are, of each kind as many if it has them; the same for a seed."""
    chance = random.Random(seed)  # noqa: S311 (a choice, no secret)
    by_kind: dict[str, list[tuple[Document, Path_, Any]]] = defaultdict(list)
    for document in documents:
        by_kind[document["kind"]] += ((document, *change) for change in _changes(document, chance))
    for changes in by_kind.values():
        chance.shuffle(changes)
    every = (one for turn in zip_longest(*by_kind.values()) for one in turn if one)
    return [_mutation(*one) for one in islice(every, count)]


def _changes(document: Document, chance: random.Random) -> Iterator[tuple[Path_, Any]]:
    """Fields, and the values that they get."""
    for path, node, schema in _nodes(document, _schema(document), ()):
        if path in LEFT_ALONE:
            continue
        for value in (*_others(node), *([] if not path else [REMOVED])):
            yield path, value
        if isinstance(node, dict):
            for name in sorted(_properties(schema).keys() - node.keys()):
                grown = _value(_properties(schema)[name], schema, chance, GROWN_LEVELS)
                yield (*path, name), grown


REMOVED = object()


def _mutation(document: Document, path: Path_, value: Any) -> Mutation:
    changed = copy.deepcopy(document)
    *parents, last = path
    place: Any = changed
    for step in parents:
        place = place[step]
    if value is REMOVED:
        del place[last]
    else:
        place[last] = value
    shown = "removed" if value is REMOVED else json.dumps(value)[:200]
    return Mutation(f"{'.'.join(map(str, path))}: {shown}", changed)


def _others(node: Any) -> Iterator[Any]:
    """Other values for a field, of which many are wrong."""
    if isinstance(node, bool):
        yield not node
    elif isinstance(node, int):
        yield from (number for number in NUMBERS if number != node)
    elif isinstance(node, str):
        yield from (text for text in (*TEXTS, node.upper(), f"{node}x", node[:-1]) if text != node)
    elif isinstance(node, list):
        yield from ([], node[::-1], [*node, *node[:1]], node[1:])
        yield from ([*node, _renamed(item)] for item in node[:1] if isinstance(item, dict))
    elif isinstance(node, dict):
        yield {}
        yield {**node, "Not Valid": "x"}


def _renamed(item: dict[str, Any]) -> dict[str, Any]:
    """Another item of a list, with another name."""
    return {**item, "name": "another"} if "name" in item else {**item}


def _nodes(node: Any, schema: Schema, path: Path_) -> Iterator[tuple[Path_, Any, Schema]]:
    if path:
        yield path, node, schema
    if isinstance(node, dict):
        for name, child in node.items():
            yield from _nodes(child, _child(schema, name), (*path, name))
    elif isinstance(node, list):
        for position, child in enumerate(node):
            yield from _nodes(child, _resolved(schema.get("items", {}), schema), (*path, position))


def _child(schema: Schema, name: str) -> Schema:
    of_map = schema.get("additionalProperties")
    below = _properties(schema).get(name) or (of_map if isinstance(of_map, dict) else {})
    return _resolved(below, schema)


def _properties(schema: Schema) -> dict[str, Schema]:
    found: dict[str, Schema] = schema.get("properties", {})
    return found


def _resolved(schema: Schema, parent: Schema) -> Schema:
    """The schema that a reference names; every one carries the definitions along."""
    definitions = parent.get("$defs", {})
    reference = schema.get("$ref", "").rpartition("/")[2]
    found = definitions.get(reference, schema) if reference else schema
    return {**found, "$defs": definitions}


def _value(schema: Schema, parent: Schema, chance: random.Random, levels: int) -> Any:
    """Some value of the schema's type."""
    schema = _resolved(schema, parent)
    kinds = schema.get("type", "object")
    kind = kinds if isinstance(kinds, str) else chance.choice([k for k in kinds if k != "null"])
    if "enum" in schema:
        return chance.choice(schema["enum"])
    if kind in ("integer", "number"):
        return chance.choice(NUMBERS)
    if kind == "boolean":
        return chance.choice((True, False))
    if kind == "array":
        wanted = chance.randint(0, 2) if levels else 0
        return [_value(schema.get("items", {}), schema, chance, levels - 1) for _ in range(wanted)]
    if kind == "object":
        return _object(schema, chance, levels)
    return chance.choice((*TEXTS, "a", "web", "1Gi", "http"))


def _object(schema: Schema, chance: random.Random, levels: int) -> Any:
    properties = _properties(schema)
    if not properties:
        return {} if chance.random() < 1 / 2 else {"a": "b"}
    needed = set(schema.get("required", ()))
    names = [n for n in sorted(properties) if n in needed or (levels and chance.random() < 1 / 3)]
    return {name: _value(properties[name], schema, chance, levels - 1) for name in names}


def _schema(document: Document) -> Schema:
    return _read(document["apiVersion"], document["kind"].lower())


@cache
def _read(api_version: str, kind: str) -> Schema:
    group, _, version = api_version.rpartition("/")
    middle = f"-{group.partition('.')[0]}" if group else ""
    file = CORE / f"{kind}{middle}-{version}.json"
    if not file.exists():
        file = CUSTOM / group / f"{kind}_{version}.json"
    found: Schema = json.loads(file.read_text())
    return found
