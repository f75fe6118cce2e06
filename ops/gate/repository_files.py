"""Secrets anywhere in the repository: all files are searched; sops files are encrypted."""

import json
from collections.abc import Iterator
from pathlib import Path

from ops.errors import OpsError
from ops.gate.finding import Finding
from ops.gate.listed_files import listed
from ops.gate.plain_secrets import found_in
from ops.host.command import Command
from ops.secrets.sealed import flaw

GITLEAKS = Path(".tools/bin/gitleaks")
LEAKED, NOT_ENCRYPTED = "secrets.E004", "secrets.E005"
IN_HISTORY = "remove it from the history too, and rotate it: treat it as compromised"
NOT_YET = (
    "move it out of the repository, or into secrets/ with `ops secrets`; it is in no commit yet"
)


def leaks(root: Path) -> Iterator[Finding]:
    """What gitleaks or the project's own rules take for a secret; a finding never repeats it.

    Raises CommandError if gitleaks is missing, OpsError if a file cannot be read.
    """
    files = listed(root)
    found = {(file, line): words for file, line, words in _by_gitleaks(root) if file in files}
    for file in files:
        for line, words in found_in(_read(root / file), file):
            found.setdefault((file, line), words)
    for (file, line), words in found.items():
        hint = IN_HISTORY if files[file] else NOT_YET
        yield Finding(LEAKED, file, line, file.name, f"holds a secret ({words})", hint)


def _by_gitleaks(root: Path) -> Iterator[tuple[Path, int, str]]:
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
        yield Path(leak["File"]), leak["StartLine"], leak["RuleID"]


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise OpsError(f"{file}: cannot be read: {error.strerror}") from error


def unencrypted(root: Path) -> Iterator[Finding]:
    """Files in secrets/ that are not sops files, or in which a Secret's value is not encrypted."""
    folder = root / "secrets"
    for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if not file.is_file() or file.name == "README.md":
            continue
        if found := flaw(file):
            place = file.relative_to(root)
            yield Finding(NOT_ENCRYPTED, place, found.line, file.name, found.problem, found.fix)
