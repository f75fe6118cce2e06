"""Generates the reference pages in docs/reference/ from the code.

`python -m tools.docs [FOLDER]`; a test checks that the committed pages are up to date.
"""

import ast
import dataclasses
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from ops.cli import cli
from ops.gate import checks_page
from railiance import (
    AdditionalHost,
    ConfigurationFile,
    DatabaseParts,
    DataFolder,
    DjangoApp,
    Heartbeat,
    Image,
    MediaVolume,
    Names,
    ObjectStorage,
    Platform,
    Resources,
    Schedule,
    ScratchFolder,
    SecretFile,
    SharedDatabase,
    Smoke,
    SmokeEntry,
    StorageNames,
    Valkey,
    Worker,
)

DECLARATIONS = (
    DjangoApp,
    Image,
    SharedDatabase,
    AdditionalHost,
    Names,
    DatabaseParts,
    MediaVolume,
    ObjectStorage,
    StorageNames,
    DataFolder,
    ScratchFolder,
    ConfigurationFile,
    SecretFile,
    Resources,
    Worker,
    Heartbeat,
    Schedule,
    Valkey,
    Smoke,
    SmokeEntry,
    Platform,
)

DECLARATION_HEAD = """# Declaration

Declare an app in `apps/<name>.py` and list it in `apps/__init__.py`; the platform is declared in
`constructs/railiance/railiance01.py`. Values are given by name and checked when Python reads them.
"""

COMMAND_HEAD = """# Command line

`ops` is on the PATH of the virtual environment: `.venv/bin/ops`, or `python -m ops`.

Ctrl-C, SIGTERM or a closed terminal interrupts a command with exit code 130, unless its help says
otherwise; run the same command again to continue.
"""


def declaration_page() -> str:
    """Every field of every declaration: its type, its default, its meaning."""
    return DECLARATION_HEAD + "".join(_class_section(declared) for declared in DECLARATIONS)


def _class_section(declared: Any) -> str:
    meanings = dict(_meanings(declared))
    rows = [
        f"| `{field.name}` | {_type(field)} | {_default(field)} | {meanings[field.name]} |\n"
        for field in dataclasses.fields(declared)
    ]
    head = "\n| field | takes | default | meaning |\n|---|---|---|---|\n"
    doc = inspect.cleandoc(declared.__doc__)
    return f"\n## {declared.__name__}\n\n{doc}\n{head}{''.join(rows)}"


def _meanings(declared: Any) -> Iterator[tuple[str, str]]:
    """The docstring below each field in the source, as one line."""
    (body,) = ast.parse(inspect.getsource(declared)).body
    assert isinstance(body, ast.ClassDef)
    for field, text in zip(body.body, body.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr):
            assert isinstance(field.target, ast.Name)
            assert isinstance(text.value, ast.Constant)
            yield field.target.id, " ".join(str(text.value.value).split())


def _type(field: dataclasses.Field[Any]) -> str:
    """The type in words: text, number, a collection of text, or another declaration."""
    annotation = inspect.formatannotation(field.type)
    for collection in ("Mapping", "tuple"):
        if re.search(rf"\b{collection}\b", annotation):
            return f"{collection.lower()} of {_item(annotation)}"
    words = {"str": "text", "int": "number", "bool": "True or False"}
    for name, word in words.items():
        if re.search(rf"\b{name}\b", annotation):
            return word
    return re.sub(r"[\w.]+\.| \| None", "", annotation)


def _item(annotation: str) -> str:
    """What a collection holds: another declaration, or text or a number by name."""
    for declared in DECLARATIONS:
        if re.search(rf"\b{declared.__name__}\b", annotation):
            return declared.__name__
    return "numbers" if re.search(r"\bint\b", annotation) else "text"


def _default(field: dataclasses.Field[Any]) -> str:
    if field.default_factory is not dataclasses.MISSING:
        return "none"
    if field.default is dataclasses.MISSING:
        return "must be given"
    if dataclasses.is_dataclass(field.default):
        return "its defaults"
    return "none" if field.default in (None, ()) else f"`{field.default!r}`"


def command_page() -> str:
    """The help of every command."""
    context = click.Context(cli, info_name="ops", max_content_width=100)
    verbs = ((name, cli.get_command(context, name)) for name in cli.list_commands(context))
    return COMMAND_HEAD + "".join(_help(name, verb, context) for name, verb in verbs if verb)


def _help(name: str, verb: click.Command, parent: click.Context) -> str:
    """A command's section, followed by one for each subcommand."""
    context = click.Context(verb, parent, name)
    below = verb.commands if isinstance(verb, click.Group) else {}
    section = f"\n## {context.command_path}\n\n```\n{verb.get_help(context)}\n```\n"
    return section + "".join(_help(inner, it, context) for inner, it in below.items())


def write(folder: Path) -> None:
    """Writes all pages."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "checks.md").write_text(checks_page.page())
    (folder / "declaration.md").write_text(declaration_page())
    (folder / "command-line.md").write_text(command_page())


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/reference"))
