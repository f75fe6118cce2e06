"""The gate reads YAML as Argo CD does, or refuses it."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING

from box import programs
from box.progress import Progress
from ops.documents.manifest_files import manifests
from ops.errors import ManifestError
from ops.host.command import Command
from tests import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = """
    y n Yes NO on Off true True tRue ~ null Null << = 0 -0 +1 007 08 0o17 0O17 0x1F 0b101 -0b11 0b-1
    1_000 1__0 _1 1_ 12:30 190:20:30 1.5 1. .5 -.5 +.5e3 1e3 1E+03 1e400 1.0 1_0.5 0x1p-2 .inf -.Inf
    .NaN . - + ... -. 9223372036854775807 9223372036854775808 18446744073709551615 2026-11-24
"""
SCALARS = (
    *WORDS.split(),
    *("1" * 30, "0x" + "f" * 17, "2026-11-24T03:00:00Z", "123e456", "483a4df", "\u0661\u0662"),
    *("!!str 1", "! 5", "!x 1", "!!binary REVCVUc=", "!!set {a}", "'1'", "&a 1", "*a", "@x", "`x"),
    *(
        r'"\x85"',
        r'"\x7f"',
        r'"\u2028"',
        r'"\uFEFF"',
        r'"\e"',
        r'"\N"',
        r'"\u00a0"',
        r'"\U0001F600"',
    ),
    *("{a: 1, a: 2}", "{1: 2}", "{on: 1}", "[1, 0o7, y]", "{? y : 1}", "a # b", "a: b", "%x"),
    *("|\n      ---\n      a", ">-\n      a\n\n      b", "'a\n\n      b'"),
    *("a\u2028b", "a\u0085b", "a\rb", ""),
)
BORDERS = (
    *("---", "--- ", "---\t", "--- # note", "---#note", "----", "--- !!map", "--- |", "---\r"),
    *("...", "... ", "...\n---", "%YAML 1.1\n---", "---\n---", "---\n# note\n---", " ---", "\f---"),
    *("# note\u0085---\u0085", "# note\u2028---\u2028", "# note\r---\r", "\ufeff---"),
    *("---\nnull\n---", "---\n~\n---"),
)
LETTERS = "\r\n\t\u0085\u2028\ufeff:-#{}[]&*!|>'\"%@`, ?~"
FILES = 4000


def test_no_file_that_passes_is_read_differently_by_argo_cd() -> None:
    programs.build_missing(Progress(), programs.YAML_READER_PROGRAMS)
    files = list(_files(random.Random(20)))  # noqa: S311 (the same corpus each time)
    asked = Command(
        (programs.path("splityaml"),), fix="make e2e", stdin=json.dumps(files).encode()
    ).run()
    read = [
        (text, _ours(text), theirs) for text, theirs in zip(files, json.loads(asked), strict=True)
    ]
    different = [
        (text, ours, theirs)
        for text, ours, theirs in read
        if ours is not None and (theirs["error"] or _plain(theirs["objects"]) != _plain(ours))
    ]
    assert not different, f"{len(different)} of {FILES}: {different[0]}"
    assert sum(ours is not None for _, ours, _ in read) > FILES / 5, "the corpus is all refused"


def _ours(text: str) -> list[object] | None:
    """What the gate reads; None if it refuses the file."""
    try:
        return [one.content for one in manifests(text.encode(), Path("corpus.yaml"))]
    except ManifestError:
        return None


def _plain(content: object) -> str:
    return json.dumps(content, sort_keys=True)


def _files(chance: random.Random) -> Iterator[str]:
    """Two rendered documents each, changed in one place or two."""
    rendered = [
        document
        for file in sorted((frozen.FOLDER / "dist").glob("*.yaml"))
        for document in file.read_text().split("\n---\n")
    ]
    for _ in range(FILES):
        text = "\n---\n".join(chance.sample(rendered, 2))
        for _ in range(chance.randint(1, 2)):
            text = chance.choice((_scalar, _key, _border, _letter))(text, chance)
        yield text


def _scalar(text: str, chance: random.Random) -> str:
    """Another value for a key."""
    lines = text.split("\n")
    at = chance.choice([n for n, line in enumerate(lines) if ": " in line])
    lines[at] = f"{lines[at].partition(': ')[0]}: {chance.choice(SCALARS)}"
    return "\n".join(lines)


def _key(text: str, chance: random.Random) -> str:
    """One key more."""
    lines = text.split("\n")
    at = chance.choice([n for n, line in enumerate(lines) if ": " in line])
    indent = " " * (len(lines[at]) - len(lines[at].lstrip(" -")))
    lines.insert(at, f"{indent}{chance.choice(SCALARS)}: {chance.choice(SCALARS)}")
    return "\n".join(lines)


def _border(text: str, chance: random.Random) -> str:
    """Another border between two documents, or one where none was."""
    lines = text.split("\n")
    borders = [n for n, line in enumerate(lines) if line == "---"]
    if borders and chance.random() < 0.7:
        lines[chance.choice(borders)] = chance.choice(BORDERS)
    else:
        lines.insert(chance.randrange(len(lines)), chance.choice(BORDERS))
    return "\n".join(lines)


def _letter(text: str, chance: random.Random) -> str:
    """One letter more."""
    at = chance.randrange(len(text))
    return text[:at] + chance.choice(LETTERS) + text[at:]
