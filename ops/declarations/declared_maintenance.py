"""Whether an app's declaration turns maintenance on, and the same declaration the other way."""

import ast
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from ops.declarations.declaration_source import DeclarationSource, file_of, find
from ops.declarations.positions import place
from ops.errors import OpsError

FIELD = "maintenance"
AFTER = "name"
"""The field behind which it is inserted: every app has it."""


@dataclass(frozen=True)
class DeclaredMaintenance:
    """The field `maintenance` of a declaration."""

    declaration: DeclarationSource
    is_on: bool

    def switched(self, *, on: bool) -> bytes:
        """The source with maintenance on or off, and all else byte for byte as it is."""
        source, given = self.declaration.source, self.declaration.given
        if FIELD not in given:
            end = place(given[AFTER], source)[1]
            return source[:end] + b", maintenance=True" + source[end:] if on else source
        first, end = place(given[FIELD], source)
        if on:
            return source[:first] + b"True" + source[end:]
        before = next((one for one, two in pairwise(given) if two == FIELD), None)
        if before is None:
            return source[:first] + b"False" + source[end:]
        return source[: place(given[before], source)[1]] + source[end:]


def read(root: Path, app: str) -> DeclaredMaintenance:
    """What an app's file declares.

    Raises OpsError if the file is missing or no Python, or if it does not declare the app with
    True or False, or without the field.
    """
    found = find(root, app)
    if found is None:
        problem = f'{file_of(root, app)}: no DjangoApp(name="{app}", …); write it that way'
        raise OpsError(f"{problem}, or change maintenance by hand")
    value = found.given.get(FIELD)
    if value is None:
        return DeclaredMaintenance(found, is_on=False)
    if not isinstance(value, ast.Constant) or not isinstance(value.value, bool):
        raise OpsError(f"{found.file}: maintenance= is not True or False; change it by hand")
    return DeclaredMaintenance(found, is_on=value.value)
