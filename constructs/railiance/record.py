"""The record of the last rendering: what each file was made from, and what it was."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from railiance.fleet import Claims
from railiance.inputs import THERE, content, digest

FILE = ".rendered.json"
"""Ignored by git; without it, everything is rendered."""


@dataclass(frozen=True)
class Entry:
    """One app as it was rendered."""

    inputs: str
    """The digest of what it was rendered from."""
    claims: Claims | None
    """What the app takes for itself alone; the root Application takes nothing."""
    files: Mapping[str, str]
    """The digest of each rendered file, by its path."""

    @property
    def name(self) -> str:
        """The app's name; empty for the root Application."""
        return self.claims.name if self.claims else ""

    def holds(self, root: Path) -> bool:
        """Whether the rendered files are there, as they were rendered."""
        return all(
            digest([content(root / path)]) == rendered and not (root / path).is_symlink()
            for path, rendered in self.files.items()
        )


def entry(inputs: str, claims: Claims | None, files: Mapping[str, bytes]) -> Entry:
    """The entry of what has just been rendered."""
    return Entry(inputs, claims, {path: digest([THERE + text]) for path, text in files.items()})


def read(root: Path) -> dict[str, Entry]:
    """The entries by module; none if there is no record that can be read."""
    try:
        entries = json.loads((root / FILE).read_bytes())
        return {
            module: Entry(found["inputs"], _claims(found["claims"]), dict(found["files"]))
            for module, found in entries.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _claims(found: dict[str, Any] | None) -> Claims | None:
    return Claims(**{**found, "hosts": tuple(found["hosts"])}) if found else None


def write(root: Path, entries: Mapping[str, Entry]) -> None:
    """Replaces the record. Raises OSError."""
    beside = root / f"{FILE}.new"
    beside.write_text(json.dumps({module: asdict(entry) for module, entry in entries.items()}))
    os.replace(beside, root / FILE)
