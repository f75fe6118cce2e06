"""The `DjangoApp(…)` in an app's file, and where its values stand."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ops.errors import OpsError


@dataclass(frozen=True)
class DeclarationSource:
    """An app's declaration in its file."""

    file: Path
    source: bytes
    given: Mapping[str, ast.expr]
    """The value of each field that is given by name, in the order of the file."""


def file_of(root: Path, app: str) -> Path:
    """The file that declares an app."""
    return root / "apps" / f"{app.replace('-', '_')}.py"


def find(root: Path, app: str) -> DeclarationSource | None:
    """The declaration of an app in its file; None if the file has no `DjangoApp(name="<app>", …)`.

    Raises OpsError if the file is missing or no Python.
    """
    file = file_of(root, app)
    try:
        source = file.read_bytes()
        tree = ast.parse(source)
    except OSError as error:
        raise OpsError(f"{file}: {error.strerror}; {app} is declared there") from error
    except (SyntaxError, ValueError) as error:
        raise OpsError(f"{file} is not valid Python: {error}") from error
    for call in _calls(tree, "DjangoApp"):
        given = given_in(call)
        if text_of(given.get("name")) == app:
            return DeclarationSource(file, source, given)
    return None


def _calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call) and calls(node, name))


def calls(call: ast.Call, name: str) -> bool:
    """Whether a class of this name is called, imported by itself or with its module."""
    return ast.unparse(call.func).rpartition(".")[2] == name


def given_in(call: ast.Call) -> dict[str, ast.expr]:
    """The values that a call gives by name."""
    return {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}


def text_of(node: ast.expr | None) -> str:
    """The text that stands there, if one does."""
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return node.value if is_text else ""  # type: ignore[union-attr]
