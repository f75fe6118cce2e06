"""The record of the last rendering: the digests of its inputs and of its outputs."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from railiance.fleet import Claims
from railiance.inputs import PRESENT, content, digest

FILE = ".rendered.json"
"""Ignored by git; without the record, everything is rendered."""


@dataclass(frozen=True)
class Entry:
    """One rendered app."""

    inputs: str
    """The digest of its inputs."""
    claims: Claims | None
    """What the app uses exclusively; the root Application claims nothing."""
    files: Mapping[str, str]
    """The digest of each rendered file, by its path."""

    @property
    def name(self) -> str:
        """The app's name; empty for the root Application."""
        return self.claims.name if self.claims else ""

    def holds(self, root: Path) -> bool:
        """Whether the rendered files exist and are unchanged."""
        return all(
            digest([content(root / path)]) == rendered and not (root / path).is_symlink()
            for path, rendered in self.files.items()
        )


def entry(inputs: str, claims: Claims | None, files: Mapping[str, bytes]) -> Entry:
    """The record entry of an app that has just been rendered."""
    return Entry(inputs, claims, {path: digest([PRESENT + text]) for path, text in files.items()})


def read(root: Path) -> dict[str, Entry]:
    """The entries by module; empty if there is no readable record."""
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
