"""Validation against the schemas of Kubernetes and of every custom resource, by kubeconform.

Strict, so that an unknown field is an error, and without network: the schemas are those that
imports/ is generated from, and those of Kubernetes that set-up wrote. A kind without a schema is
an error; nothing is skipped.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ops.documents.manifest import Manifest
from ops.errors import CommandError
from ops.gate.finding import Finding
from ops.host.command import Command

KUBECONFORM = Path(".tools/bin/kubeconform")
CORE_SCHEMAS = Path(".tools/schemas")
CUSTOM_SCHEMAS = Path("imports/schemas")
CORE_NAME = "{{.ResourceKind}}{{.KindSuffix}}.json"
CUSTOM_NAME = "{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json"

PROBLEM = re.compile(r"at '([^']*)': (.*?)(?=\s+- at '|$)")

MOST_FILES = 4000
"""The most files that one call of kubeconform gets, well below what a command line may hold."""

INVALID, UNKNOWN_KIND, UNREADABLE = "schema.E001", "schema.E002", "schema.E003"


def validate(
    files: Sequence[Path], kubernetes_version: str, root: Path = Path()
) -> list[dict[str, Any]]:
    """What kubeconform reports of each document in the files.

    Raises CommandError if kubeconform or the schemas of the version are missing.
    """
    core = root / CORE_SCHEMAS / f"v{kubernetes_version}.0"
    if not core.is_dir():
        raise CommandError(f"no schemas of Kubernetes {kubernetes_version}: run `make setup`")
    return [
        answer
        for start in range(0, len(files), MOST_FILES)
        for answer in _ask(files[start : start + MOST_FILES], core, root)
    ]


def _ask(files: Sequence[Path], core: Path, root: Path) -> list[dict[str, Any]]:
    command = Command(
        [
            (root / KUBECONFORM).absolute(),
            *("-strict", "-verbose", "-output", "json", "-n", "2"),
            *("-schema-location", f"{core}/{CORE_NAME}"),
            *("-schema-location", f"{root / CUSTOM_SCHEMAS}/{CUSTOM_NAME}"),
            *map(_as_argument, files),
        ],
        fix="run `make setup`",
        accepted=(0, 1),
        timeout_seconds=300,
    )
    answer = json.loads(command.run() or "{}")
    resources: list[dict[str, Any]] = answer.get("resources") or []
    return resources


def _as_argument(file: Path) -> str:
    """The path as kubeconform takes it and gives it back: never to be mistaken for an option."""
    return str(file) if file.is_absolute() else f"./{file}"


def judge(
    answers: Iterable[dict[str, Any]], manifests: Sequence[Manifest]
) -> tuple[list[Finding], list[Manifest]]:
    """A finding for each document that is not valid, and the documents that are.

    kubeconform names no line and no namespace, so of two documents of one kind and name in one
    file both get what it says of either. A document that it does not mention is not valid.
    """
    reported: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for answer in answers:
        if answer["status"] != "statusEmpty":
            reported[answer["filename"], answer["kind"], answer["name"]].append(answer)
    found, valid = [], []
    for manifest in manifests:
        about = reported.get((_as_argument(manifest.file), manifest.kind, manifest.name), [])
        problems = [_finding(a, manifest) for a in about if a["status"] != "statusValid"]
        if not about:
            message = "kubeconform did not report on it; start the document on a line of its own"
            problems = [Finding(UNREADABLE, manifest.file, manifest.line, str(manifest), message)]
        found += problems
        if not problems:
            valid.append(manifest)
    return found, valid


def _finding(answer: dict[str, Any], manifest: Manifest) -> Finding:
    place = (manifest.file, manifest.line, str(manifest))
    if "could not find schema" in answer["msg"]:
        hint = "a custom kind: add its CRD to tools/imports/crds.json and run `make imports`"
        kind = f"{answer['version']} {answer['kind']}"
        return Finding(UNKNOWN_KIND, *place, f"no schema for {kind}", hint)
    if answer["status"] == "statusError":
        return Finding(UNREADABLE, *place, answer["msg"])
    # The list of errors in the answer stops at the first level; the message has all of them.
    problems = [
        f"{path or '/'}: {problem}"
        for path, problem in PROBLEM.findall(answer["msg"])
        if problem != "validation failed"
    ]
    return Finding(INVALID, *place, "; ".join(problems) or answer["msg"])
