"""Who can decrypt a file of Secrets, and who should: both can be read without a private key."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ops.documents.parsing import parse
from ops.errors import OpsError
from ops.host.git import UNKNOWN, git
from ops.secrets import recipients
from ops.secrets.sops import CONFIGURATION

METADATA = "sops"
TRAILER = "Acknowledge-Recipient"
"""The trailer of a commit that acknowledges an added recipient."""
AGE = "age"
_OTHER_KEYS = ("pgp", "kms", "gcp_kms", "azure_kv", "hckms", "hc_vault")
"""Whatever else than age sops can encrypt for. Source: sops, stores.Metadata."""
_ANY = (0, 1, UNKNOWN)


def readers_in(content: bytes, file: Path) -> set[str]:
    """Those for whom a file is encrypted, as its metadata states: age recipients, or other keys.

    Empty for what is no YAML.
    """
    try:
        documents = [document for _, document in parse(content, file)]
    except OpsError:
        return set()
    metadata = (d.get(METADATA) for d in documents if isinstance(d, dict))
    return {reader for stated in metadata for reader in _readers(stated)}


def _readers(metadata: Any) -> Iterator[str]:
    if not isinstance(metadata, dict):
        return
    for group in metadata.get("key_groups") or []:
        yield from _readers(group)
    for entry in metadata.get(AGE) or []:
        yield str(entry.get("recipient")) if isinstance(entry, dict) else str(entry)
    for kind in _OTHER_KEYS:
        for entry in metadata.get(kind) or []:
            yield f"a {kind} key ({next(iter(entry.values()), '') if entry else ''})"


def refuse_unknown(path: Path) -> None:
    """Raises OpsError if a file is encrypted for somebody whom .sops.yaml does not name.

    Anyone can encrypt for the recipients that it names, so the values may be forged as well.
    """
    if not recipients.read(CONFIGURATION):
        app = path.name.partition(".")[0]
        fix = f"run `ops secrets init --app {app}`"
        raise OpsError(f"{CONFIGURATION}: names no recipient; {fix}")
    rules = CONFIGURATION.read_bytes()
    if unknown := sorted(readers_in(path.read_bytes(), path) - stated_for(path, rules)):
        problem = f"is encrypted for {', '.join(unknown)}, whom {CONFIGURATION} does not name"
        raise OpsError(
            f"{path}: {problem}; its values may be forged: restore the last good file with"
            f" `git checkout`, or, if that reader was removed on purpose, `sops updatekeys {path}`"
        )


def added_since(path: Path, revision: str) -> tuple[str, list[str]]:
    """The readers of a file whom .sops.yaml of the base does not name, and what that base is.

    The base is the remote's branch as last fetched, else the last commit; without git, nobody is
    added.
    """
    for base in (f"origin/{revision}", "HEAD"):
        known = git(Path(), "rev-parse", "--verify", "--quiet", base, accepted=_ANY).strip()
        if known:
            rules = git(Path(), "show", f"{base}:./{CONFIGURATION}", accepted=_ANY).encode()
            return base, sorted(readers_in(path.read_bytes(), path) - stated_for(path, rules))
    return "", []


def stated_for(file: Path, configuration: bytes) -> set[str]:
    """The age recipients that a .sops.yaml states for a file: those of the first rule for it.

    Empty if it has no such rule, or is no YAML.
    """
    try:
        documents = [document for _, document in parse(configuration, CONFIGURATION)]
    except OpsError:
        return set()
    for document in documents:
        rules = document.get("creation_rules") if isinstance(document, dict) else None
        for rule in rules if isinstance(rules, list) else []:
            if isinstance(rule, dict) and _is_for(rule, file):
                return set(_listed(rule))
    return set()


def _is_for(rule: dict[str, Any], file: Path) -> bool:
    try:
        return bool(re.search(str(rule.get("path_regex") or ""), file.as_posix()))
    except re.error:
        return False


def _listed(rule: dict[str, Any]) -> Iterator[str]:
    yield from recipients.listed(rule.get(AGE))
    for group in rule.get("key_groups") or []:
        if isinstance(group, dict):
            yield from _listed(group)
