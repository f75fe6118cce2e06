"""Writes the JSON schemas of Kubernetes' own kinds in the shape that kubeconform reads offline.

`python -m tools.imports.core_schemas FOLDER` writes FOLDER/vX.Y.0/ for the declared Kubernetes
version, and for that of the tests. The package's files carry an absolute `$id` and references from the root of a web site;
relative ones need no network.
"""

import json
import sys
from pathlib import Path

from railiance.railiance01 import RAILIANCE01
from tests import frozen
from tools.imports import core
from tools.imports.schema import without_prose


def write(folder: Path, kubernetes_version: str) -> None:
    """One file a kind, and the definitions that they share."""
    target = folder / f"v{kubernetes_version}.0"
    target.mkdir(parents=True, exist_ok=True)
    shared = core.with_references(core.definitions(kubernetes_version), "#/$defs/")
    (target / "_definitions.json").write_text(json.dumps({"$defs": shared}))
    for source in core.folder(kubernetes_version).glob("*-*.json"):
        schema = without_prose(json.loads(source.read_text()))
        schema.pop("$id", None)
        relative = core.with_references(schema, "_definitions.json#/$defs/")
        (target / source.name).write_text(json.dumps(relative))


if __name__ == "__main__":
    for version in {RAILIANCE01.kubernetes_version, frozen.RAILIANCE01.kubernetes_version}:
        write(Path(sys.argv[1]), version)
