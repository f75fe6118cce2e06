"""Writes JSON schemas of Kubernetes' built-in kinds that kubeconform can read offline.

`python -m tools.imports.core_schemas FOLDER` writes FOLDER/vX.Y.0/ for the declared Kubernetes
version and for that of the tests. The package's files have an absolute `$id` and references to one
large file of definitions on a web site, which kubeconform would read again for each kind. Here each
file contains all definitions that its kind refers to, and needs no network.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from railiance.railiance01 import RAILIANCE01
from tests import frozen
from tools.imports import core
from tools.imports.schema import Schema, without_prose


def write(folder: Path, kubernetes_version: str) -> None:
    """Writes one file per kind."""
    target = folder / f"v{kubernetes_version}.0"
    target.mkdir(parents=True, exist_ok=True)
    definitions = core.definitions(kubernetes_version)
    for source in core.folder(kubernetes_version).glob("*-*.json"):
        schema = without_prose(json.loads(source.read_text()))
        schema.pop("$id", None)
        schema["$defs"] = _reached(schema, definitions)
        (target / source.name).write_text(json.dumps(core.with_references(schema, "#/$defs/")))


def _reached(schema: Schema, definitions: Mapping[str, Schema]) -> dict[str, Schema]:
    """The definitions that a schema refers to, directly or indirectly."""
    found: dict[str, Schema] = {}
    wanted = list(_referred(schema))
    while wanted:
        name = wanted.pop()
        if name not in found:
            found[name] = definitions[name]
            wanted += _referred(definitions[name])
    return found


def _referred(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(reference := node.get("$ref"), str):
            yield reference.rpartition("/")[2]
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from _referred(inner)


if __name__ == "__main__":
    for version in {RAILIANCE01.kubernetes_version, frozen.RAILIANCE01.kubernetes_version}:
        write(Path(sys.argv[1]), version)
