"""Secrets anywhere in the repository: gitleaks searches all files; sops files are encrypted."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from ops.command import Command
from ops.gate.finding import Finding

GITLEAKS = Path(".tools/bin/gitleaks")
LEAKED, NOT_ENCRYPTED = "secrets.E004", "secrets.E005"
ENCRYPTED = "ENC["


def leaks(root: Path) -> Iterator[Finding]:
    """What gitleaks takes for a secret; the finding never repeats it.

    Raises CommandError if gitleaks is missing.
    """
    command = Command(
        [
            (root / GITLEAKS).absolute(),
            *("dir", "--no-banner", "--log-level", "error", "--redact", "--exit-code", "0"),
            *("--report-format", "json", "--report-path", "-", "."),
        ],
        mend="run `make setup`",
        folder=root,
    )
    for leak in json.loads(command.run() or "[]"):
        file = Path(leak["File"])
        hint = "remove it from the history too, and rotate it: it must count as known"
        yield Finding(
            LEAKED, file, leak["StartLine"], file.name, f"holds a secret ({leak['RuleID']})", hint
        )


def unencrypted(root: Path) -> Iterator[Finding]:
    """Files in secrets/ that are not sops files, or in which a Secret's value is not encrypted."""
    folder = root / "secrets"
    for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if not file.is_file() or file.name == "README.md":
            continue
        problem = _problem(file)
        if problem:
            hint = "encrypt it with sops, and rotate what was in it"
            yield Finding(NOT_ENCRYPTED, file.relative_to(root), 1, file.name, problem, hint)


def _problem(file: Path) -> str:
    if not file.name.endswith(".sops.yaml"):
        return "is not a *.sops.yaml file"
    try:
        documents: list[Any] = list(yaml.load_all(file.read_bytes(), yaml.CSafeLoader))
    except yaml.YAMLError:
        return "is not valid YAML"
    if not documents or not all(isinstance(d, dict) and "sops" in d for d in documents):
        return "is not encrypted by sops"
    values = [v for d in documents for field in ("data", "stringData") for v in _values(d, field)]
    if not all(isinstance(value, str) and value.startswith(ENCRYPTED) for value in values):
        return "holds a value that is not encrypted"
    return ""


def _values(document: dict[str, Any], field: str) -> list[Any]:
    values = document.get(field) or {}
    return list(values.values()) if isinstance(values, dict) else [values]
