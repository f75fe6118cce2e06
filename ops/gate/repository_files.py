"""Secrets anywhere in the repository: gitleaks searches all files; sops files are encrypted."""

import json
from collections.abc import Iterator
from pathlib import Path

from ops.gate.finding import Finding
from ops.host.command import Command
from ops.secrets.sealed import flaw

GITLEAKS = Path(".tools/bin/gitleaks")
LEAKED, NOT_ENCRYPTED = "secrets.E004", "secrets.E005"


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
        fix="run `make setup`",
        folder=root,
    )
    for leak in json.loads(command.run() or "[]"):
        file = Path(leak["File"])
        hint = "remove it from the history too, and rotate it: treat it as compromised"
        yield Finding(
            LEAKED, file, leak["StartLine"], file.name, f"holds a secret ({leak['RuleID']})", hint
        )


def unencrypted(root: Path) -> Iterator[Finding]:
    """Files in secrets/ that are not sops files, or in which a Secret's value is not encrypted."""
    folder = root / "secrets"
    for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if not file.is_file() or file.name == "README.md":
            continue
        if problem := flaw(file):
            hint = "encrypt it with sops, and rotate what was in it"
            yield Finding(NOT_ENCRYPTED, file.relative_to(root), 1, file.name, problem, hint)
