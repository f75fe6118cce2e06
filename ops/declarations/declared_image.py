"""The image in an app's declaration: where its tag and digest stand, and others in their place."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ops.declarations.positions import place
from ops.errors import OpsError

FIELDS = ("repository", "tag", "digest")


@dataclass(frozen=True)
class DeclaredImage:
    """The `Image(...)` of a declaration."""

    file: Path
    source: bytes
    values: Mapping[str, str]
    """What is declared, by field."""
    places: Mapping[str, tuple[int, int]]
    """Where each value stands in the source: its first byte, and the one behind its last."""

    def replaced(self, **values: str) -> bytes:
        """The source with other values, and everything else byte for byte as it is."""
        source = self.source
        for field in sorted(values, key=lambda field: self.places[field], reverse=True):
            first, end = self.places[field]
            source = source[:first] + f'"{values[field]}"'.encode() + source[end:]
        return source


def file_of(root: Path, app: str) -> Path:
    """The file that declares an app."""
    return root / "apps" / f"{app.replace('-', '_')}.py"


def read(root: Path, app: str) -> DeclaredImage:
    """The image that an app's file declares.

    Raises OpsError if the file is missing or no Python, or if it does not declare the app with an
    `Image` whose repository, tag and digest are written out.
    """
    file = file_of(root, app)
    try:
        source = file.read_bytes()
        tree = ast.parse(source.decode())
    except OSError as error:
        raise OpsError(f"{file}: {error.strerror}; {app} is declared there") from error
    except (SyntaxError, ValueError) as error:
        raise OpsError(f"{file} is not valid Python: {error}") from error
    for declaration in _calls(tree, "DjangoApp"):
        given = _given(declaration)
        image = given.get("image")
        if _text(given.get("name")) == app and isinstance(image, ast.Call) and _is(image, "Image"):
            return _image(file, source, _given(image))
    raise OpsError(
        f'{file}: no DjangoApp(name="{app}", image=Image(…)); write it that way,'
        " or change the image by hand"
    )


def _image(file: Path, source: bytes, given: Mapping[str, ast.expr]) -> DeclaredImage:
    values = {field: _text(given.get(field)) for field in FIELDS}
    for field, value in values.items():
        if not value:
            raise OpsError(
                f"{file}: {field}= of the Image is not a plain string; change it by hand"
            )
    places = {field: place(given[field], source) for field in FIELDS}
    return DeclaredImage(file, source, values, places)


def _calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is(node, name))


def _is(call: ast.Call, name: str) -> bool:
    """Whether a class of this name is called, imported by itself or with its module."""
    return ast.unparse(call.func).rpartition(".")[2] == name


def _given(call: ast.Call) -> dict[str, ast.expr]:
    return {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}


def _text(node: ast.expr | None) -> str:
    """The text that stands there, if one does."""
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return node.value if is_text else ""  # type: ignore[union-attr]
