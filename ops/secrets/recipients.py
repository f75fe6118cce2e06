"""The recipients of secrets/: the age public keys in .sops.yaml."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from ops.errors import OpsError
from ops.host.files import replace

TEMPLATE = """\
# What sops encrypts in secrets/, and for whom: each line below age is an operator's public key.
creation_rules:
  - path_regex: ^secrets/[^/]+\\.sops\\.yaml$
    encrypted_regex: ^(data|stringData)$
    age:
"""
_LINE = re.compile(r"^( *)- *[\"']?age1\w+[\"']?", re.ASCII)


def read(file: Path) -> list[str]:
    """The recipients of the rule for secrets/; none if there is no such file yet.

    Raises OpsError for a file that cannot be read or that has no such rule.
    """
    if not file.exists():
        return []
    try:
        content = yaml.load(file.read_bytes(), yaml.CSafeLoader)
    except (OSError, yaml.YAMLError) as error:
        raise OpsError(f"{file}: cannot be read: {error}") from error
    if rule := _rule(content):
        return listed(rule.get("age"))
    fix = "remove it, and `ops secrets init --app NAME` creates it"
    raise OpsError(f"{file}: has no creation rule for secrets/; {fix}")


def _rule(content: Any) -> dict[str, Any] | None:
    """The rule for secrets/."""
    rules = content.get("creation_rules") if isinstance(content, dict) else None
    found = rules if isinstance(rules, list) else []
    own = (r for r in found if isinstance(r, dict) and "secrets" in str(r.get("path_regex")))
    return next(own, None)


def listed(age: Any) -> list[str]:
    """The list of them; sops takes a list, or one text with commas."""
    found = age.split(",") if isinstance(age, str) else age if isinstance(age, list) else []
    return [str(recipient).strip() for recipient in found]


def add(file: Path, recipients: Sequence[str]) -> list[str]:
    """Adds recipients, and writes the file if it is not there; those that were not in it.

    Comments stay. Raises OpsError, with the file as it was, if nothing but the list of the rule for
    secrets/ is to change and that cannot be done.
    """
    known = read(file)
    added = [recipient for recipient in dict.fromkeys(recipients) if recipient not in known]
    if not added:
        return []
    text = file.read_text() if file.exists() else TEMPLATE
    content = _with(text, added) if known else text + _lines(added, " " * 6)
    if not _adds_alone(text, content, added):
        problem = "has its recipients in a form that ops cannot edit, and is unchanged"
        raise OpsError(f"{file}: {problem}; add to its rule for secrets/: {', '.join(added)}")
    replace(file, content.encode())
    return added


def _adds_alone(text: str, content: str, added: Sequence[str]) -> bool:
    """Whether the content is what the text says, with these added to the rule for secrets/."""
    wanted = yaml.load(text, yaml.CSafeLoader)
    try:
        found = yaml.load(content, yaml.CSafeLoader)
    except yaml.YAMLError:
        return False
    before, after = _rule(wanted), _rule(found)
    if before is None or after is None:
        return False
    before["age"] = [*listed(before.get("age")), *added]
    after["age"] = listed(after.get("age"))
    return bool(wanted == found)


def _with(text: str, added: Sequence[str]) -> str:
    """The text with the recipients below its last one."""
    lines = text.splitlines(keepends=True)
    places = [(number, match) for number, line in enumerate(lines) if (match := _LINE.match(line))]
    if not places:
        return text
    number, match = places[-1]
    return "".join([*lines[: number + 1], _lines(added, match[1]), *lines[number + 1 :]])


def _lines(recipients: Sequence[str], indent: str) -> str:
    return "".join(f"{indent}- {recipient}\n" for recipient in recipients)
