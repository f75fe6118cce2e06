"""Whether dist/ and argocd/ are what the code renders."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from ops.declarations.synth import RENDERED, render
from ops.gate.finding import Finding

STALE, MISSING, LEFT_OVER = "freshness.E001", "freshness.E002", "freshness.E003"
HINT = "run `make synth` and commit what it changes"


def findings(root: Path) -> list[Finding]:
    """Files that differ from a fresh rendering, at the first line that differs.

    Raises RenderError if the declarations cannot be rendered.
    """
    with tempfile.TemporaryDirectory() as folder:
        render(root, Path(folder))
        return [
            finding for name in RENDERED for finding in compare(root / name, Path(folder) / name)
        ]


def compare(committed: Path, rendered: Path) -> Iterator[Finding]:
    """What differs between a committed folder and a fresh rendering of it."""
    names = {file.name for folder in (committed, rendered) for file in folder.glob("*")}
    for name in sorted(names):
        old, new = committed / name, rendered / name
        if not old.exists():
            yield Finding(MISSING, old, 1, old.name, "is rendered, but missing", HINT)
        elif not new.exists():
            yield Finding(LEFT_OVER, old, 1, old.name, "is present, but not rendered", HINT)
        elif old.read_bytes() != new.read_bytes():
            line = _first_difference(old.read_bytes(), new.read_bytes())
            yield Finding(STALE, old, line, old.name, "is not what the code renders", HINT)


def _first_difference(old: bytes, new: bytes) -> int:
    pairs = zip(old.splitlines(), new.splitlines(), strict=False)
    differing = (line for line, (ours, theirs) in enumerate(pairs, 1) if ours != theirs)
    return next(differing, min(old.count(b"\n"), new.count(b"\n")) + 1)
