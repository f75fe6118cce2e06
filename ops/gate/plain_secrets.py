"""Secrets in plain text in any file of the repository, by the project's own rules.

They know what gitleaks does not: environment files, URLs with a password, SQL, notes, and
Kubernetes Secrets that nobody encrypted.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

import yaml

from ops.gate.plain_forms import WORDS, Context, in_line
from ops.gate.plausible_secrets import Strength, strength

LARGEST_FILE, LONGEST_LINE = 2 << 20, 4000
_BINARY = b"\0"
_CODE = re.compile(
    r"\.(?:py|pyi|js|mjs|cjs|ts|tsx|jsx|vue|svelte|go|rb|php|java|kt|rs|c|h|cpp|cs|html?|j2|jinja2?"
    r"|tmpl|tpl|css|scss|less|rst)$"
)
_UNREAD = re.compile(r"\.(?:po|pot|mo|svg|lock|map|min\.js|min\.css|sum|ipynb|csv|patch|pem\.pub)$")
_VAULT = re.compile(
    r"(?:^|/)(?:\.env[^/]*|[^/]*\.env|\.pgpass|pgpass(?:\.conf)?|\.netrc|\.my\.cnf|\.envrc"
    r"|[^/]*\.tfvars|[^/]*\.agekey|\.htpasswd|\.docker/config\.json)$"
)
_MADE_UP = re.compile(
    r"example|sample|template|demo|\bdist\b$|(?:^|[/._-])(?:tests?|testing|fixtures?|mocks?|spec|e2e|stubs?|locales?|i18n"
    r"|translations|vendor|third[-_]?party|conftest|ci|dev|development|local|debug)(?:[/._-]|$)",
    re.IGNORECASE,
)
"""Paths of files whose values are made up, unless they look random."""
_SECRET = re.compile(rb"\bkind[\"']?\s*:\s*[\"']?Secret\b")


def found_in(content: bytes, path: PurePath) -> Iterator[tuple[int, str]]:
    """The line and a description of each secret in a file; never the secret itself."""
    name = path.as_posix()
    if len(content) > LARGEST_FILE or _UNREAD.search(name):
        return
    text = _text(content)
    if _SECRET.search(content):
        yield from _in_secrets(text, is_made_up=bool(_MADE_UP.search(name)))
    yield from _in_lines(text, _context(name))


def _in_lines(text: str, context: Context) -> Iterator[tuple[int, str]]:
    lowered = text.lower()
    wanted = _lines_with_words(lowered)
    if not wanted:
        return
    lines, lowered_lines = text.split("\n"), lowered.split("\n")
    for number in sorted({*wanted, *(number + 1 for number in wanted)} & {*range(len(lines))}):
        line, before = lines[number], lines[number - 1] if number else ""
        if len(line) <= LONGEST_LINE:
            found = in_line(line, lowered_lines[number], before, context)
            yield from ((number + 1, words) for words in found)


def _lines_with_words(lowered: str) -> set[int]:
    """The lines, counted from 0, that are worth a closer look."""
    found = set()
    for word in WORDS:
        line, counted, place = 0, 0, lowered.find(word)
        while place >= 0:
            line += lowered.count("\n", counted, place)
            found.add(line)
            counted = place
            end = lowered.find("\n", place)
            place = lowered.find(word, end) if end >= 0 else -1
    return found


def _text(content: bytes) -> str:
    """The content as text; empty if it is none."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if _BINARY in content[:8192]:
        return ""
    return content.decode("utf-8-sig", errors="replace")


def _context(name: str) -> Context:
    is_made_up = bool(_MADE_UP.search(name))
    if _VAULT.search(name):
        return Context(Strength.RANDOM if is_made_up else Strength.WORD, is_code=False)
    return Context(
        Strength.RANDOM if is_made_up else Strength.MIXED, is_code=bool(_CODE.search(name))
    )


def _in_secrets(text: str, *, is_made_up: bool) -> Iterator[tuple[int, str]]:
    """The Kubernetes Secrets with a value that is not encrypted."""
    least = Strength.MIXED if is_made_up else Strength.WORD
    try:
        nodes = list(yaml.compose_all(text, yaml.CSafeLoader))
        documents = list(yaml.load_all(text, yaml.CBaseLoader))
    except (yaml.YAMLError, RecursionError):
        return
    for node, document in zip(nodes, documents, strict=True):
        if isinstance(document, dict) and document.get("kind") == "Secret":
            for key, value in _values(document):
                if strength(value) >= least:
                    yield node.start_mark.line + 1, f"a Secret with {key} in plain text"
                    break


def _values(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for field in ("stringData", "data"):
        values = document.get(field)
        for key, value in values.items() if isinstance(values, dict) else ():
            if isinstance(value, str):
                yield key, _decoded(value) if field == "data" else value


def _decoded(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode(errors="replace")
    except (binascii.Error, ValueError):
        return value
