"""The image in an app's declaration: where its tag and digest stand, and others in their place."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ops.declarations.declaration_source import calls, file_of, find, given_in, text_of
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


def read(root: Path, app: str) -> DeclaredImage:
    """The image that an app's file declares.

    Raises OpsError if the file is missing or no Python, or if it does not declare the app with an
    `Image` whose repository, tag and digest are written out.
    """
    found = find(root, app)
    image = found.given.get("image") if found else None
    if found and isinstance(image, ast.Call) and calls(image, "Image"):
        return _image(found.file, found.source, given_in(image))
    raise OpsError(
        f'{file_of(root, app)}: no DjangoApp(name="{app}", image=Image(…)); write it that way,'
        " or change the image by hand"
    )


def _image(file: Path, source: bytes, given: Mapping[str, ast.expr]) -> DeclaredImage:
    values = {field: text_of(given.get(field)) for field in FIELDS}
    for field, value in values.items():
        if not value:
            raise OpsError(
                f"{file}: {field}= of the Image is not a plain string; change it by hand"
            )
    places = {field: place(given[field], source) for field in FIELDS}
    return DeclaredImage(file, source, values, places)
