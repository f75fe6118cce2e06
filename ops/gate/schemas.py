"""Validation against the schemas of Kubernetes and of every custom resource, by kubeconform.

Strict, so that an unknown field is an error, and without network: the schemas are those that
imports/ is generated from, and those of Kubernetes that set-up wrote. A kind without a schema is
an error; nothing is skipped.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ops.command import Command
from ops.errors import CommandError
from ops.gate.finding import Finding
from ops.manifests import Manifest

KUBECONFORM = Path(".tools/bin/kubeconform")
CORE_SCHEMAS = Path(".tools/schemas")
CUSTOM_SCHEMAS = Path("imports/schemas")
CORE_NAME = "{{.ResourceKind}}{{.KindSuffix}}.json"
CUSTOM_NAME = "{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json"

PROBLEM = re.compile(r"at '([^']*)': (.*?)(?=\s+- at '|$)")

INVALID, UNKNOWN_KIND, UNREADABLE = "schema.E001", "schema.E002", "schema.E003"


def validate(
    paths: Sequence[Path], kubernetes_version: str, root: Path = Path()
) -> list[dict[str, Any]]:
    """What kubeconform says of each document below the paths.

    Raises CommandError if kubeconform or the schemas of the version are missing.
    """
    core = root / CORE_SCHEMAS / f"v{kubernetes_version}.0"
    if not core.is_dir():
        raise CommandError(f"no schemas of Kubernetes {kubernetes_version}: run `make setup`")
    command = Command(
        [
            (root / KUBECONFORM).absolute(),
            *("-strict", "-verbose", "-output", "json", "-n", "2"),
            *("-kubernetes-version", f"{kubernetes_version}.0"),
            *("-schema-location", f"{core}/{CORE_NAME}"),
            *("-schema-location", f"{root / CUSTOM_SCHEMAS}/{CUSTOM_NAME}"),
            *paths,
        ],
        mend="run `make setup`",
        accepted=(0, 1),
        timeout_seconds=300,
    )
    answer = json.loads(command.run() or "{}")
    resources: list[dict[str, Any]] = answer.get("resources") or []
    return resources


def findings(answers: Iterable[dict[str, Any]], manifests: Iterable[Manifest]) -> Iterator[Finding]:
    """A finding for each document that kubeconform does not hold valid, with its line."""
    places = {(str(m.file), m.kind, m.name): m for m in reversed(list(manifests))}
    for answer in answers:
        if answer["status"] in ("statusValid", "statusEmpty"):
            continue
        manifest = places.get((answer["filename"], answer["kind"], answer["name"]))
        yield _finding(answer, manifest)


def _finding(answer: dict[str, Any], manifest: Manifest | None) -> Finding:
    file, line = (manifest.file, manifest.line) if manifest else (Path(answer["filename"]), 1)
    subject = str(manifest) if manifest else answer["filename"]
    if "could not find schema" in answer["msg"]:
        kind = f"{answer['version']} {answer['kind']}"
        hint = "a custom kind: add its CRD to tools/imports/crds.json and run `make imports`"
        return Finding(UNKNOWN_KIND, file, line, subject, f"no schema for {kind}", hint)
    if answer["status"] == "statusError":
        return Finding(UNREADABLE, file, line, subject, answer["msg"])
    # The list of errors in the answer stops at the first level; the message has all of them.
    problems = [
        f"{path or '/'}: {problem}"
        for path, problem in PROBLEM.findall(answer["msg"])
        if problem != "validation failed"
    ]
    return Finding(INVALID, file, line, subject, "; ".join(problems) or answer["msg"])
