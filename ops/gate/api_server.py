"""What the API server refuses although the schema allows it, by the API server's own validation.

The program of tools/api-validation contains that validation; it needs neither network nor cluster.
It creates each object as a server-side apply does, which is how the Applications sync: it checks
that the keys of lists are unique, fills in defaults, and validates. For a custom resource it uses
the CRD, with the rules in its `x-kubernetes-validations`.
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ops.documents.manifest import Manifest
from ops.errors import CommandError
from ops.gate.finding import Finding
from ops.gate.schemas import CORE_SCHEMAS
from ops.host.command import Command
from ops.objects.base import Document

PROGRAM = "api-validation"
TYPES = "api-validation.types"
DEFINITIONS = CORE_SCHEMAS / "crds"

REFUSED = "schema.E004"
STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")
NOT_FOUND = "FieldValueNotFound"
NAMED = {"volumeMounts": "volume", "volumeDevices": "volume"}
"""What the items of these lists name."""
HINTS = {
    NOT_FOUND: "correct the name, or add what it names",
    "FieldValueDuplicate": "keep one of them",
    "FieldValueRequired": "state the field",
}
HINT = "change it: the API server refuses the object, and the sync fails"


def refusals(
    manifests: Sequence[Manifest], kubernetes_version: str, root: Path
) -> list[list[Finding]]:
    """What the API server refuses in each document.

    Raises CommandError if the program for this version of Kubernetes is missing.
    """
    folder = (root / CORE_SCHEMAS / f"v{kubernetes_version}.0").absolute()
    program, types = folder / PROGRAM, folder / TYPES
    if not (program.exists() and types.exists()):
        raise CommandError(
            f"no validation of Kubernetes {kubernetes_version}: run `make setup`, after a change of"
            " the version with the same version in tools/api-validation/go.mod"
        )
    if not manifests:
        return []
    command = Command(
        [program, "-types", types, "-crds", root / DEFINITIONS],
        fix="run `make setup`",
        timeout_seconds=300,
        stdin="".join(f"{json.dumps(m.content, default=str)}\n" for m in manifests).encode(),
    )
    answers = map(json.loads, command.run().splitlines())
    return [
        [_finding(manifest, problem) for problem in problems]
        for manifest, problems in zip(manifests, answers, strict=True)
    ]


def _finding(manifest: Manifest, problem: dict[str, str]) -> Finding:
    field, kind, message = problem["field"], problem["type"], problem["message"]
    place = with_names(field.removeprefix("."), manifest.content)
    if kind == NOT_FOUND:
        names = [name for name, _ in STEP.findall(field) if name]
        thing = next((NAMED[name] for name in names if name in NAMED), "")
        message = f"there is no {thing} {message.partition(': ')[2]}".replace("  ", " ")
    return Finding(
        REFUSED,
        manifest.file,
        manifest.line,
        str(manifest),
        f"{place}: {message}" if place else message,
        HINTS.get(kind, HINT),
    )


def with_names(field: str, content: Document) -> str:
    """The path of a field with the names of list items instead of their positions."""
    shown, end, node = "", 0, content
    for step in STEP.finditer(field):
        node = _child(node, step)
        if step.start() != end or node is None:
            break
        named = step[2] and isinstance(node, dict) and node.get("name")
        shown += f'[name="{named}"]' if named else step[0]
        end = step.end()
    return shown + field[end:]


def _child(node: Any, step: re.Match[str]) -> Any:
    if step[1]:
        return node.get(step[1]) if isinstance(node, dict) else None
    position = int(step[2])
    return node[position] if isinstance(node, list) and position < len(node) else None
