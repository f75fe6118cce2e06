"""The JSON schemas of Kubernetes' built-in kinds, from the package kubernetes-validate."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate

from tools.imports.schema import Schema, without_prose


def folder(kubernetes_version: str) -> Path:
    """The package's folder with the strict schemas of a version such as 1.34."""
    schemas = Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema"
    return schemas / f"v{kubernetes_version}.0-local-strict"


@cache
def definitions(kubernetes_version: str) -> dict[str, Schema]:
    """Every definition by its full name, without descriptions."""
    content = json.loads((folder(kubernetes_version) / "_definitions.json").read_text())
    stripped: dict[str, Schema] = without_prose(content["$defs"])
    return stripped


def with_references(node: Any, prefix: str) -> Any:
    """The same tree, with the given prefix on every reference to a definition."""
    if isinstance(node, list):
        return [with_references(item, prefix) for item in node]
    if not isinstance(node, dict):
        return node
    copy = {key: with_references(value, prefix) for key, value in node.items()}
    if isinstance(reference := node.get("$ref"), str):
        copy["$ref"] = prefix + reference.rpartition("/")[2]
    return copy
