"""Whether dist/ and argocd/ are what the code renders."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from ops.declarations.synth import RENDERED, render
from ops.gate.finding import Finding

STALE, MISSING, LEFT_OVER = "freshness.E001", "freshness.E002", "freshness.E003"
HINT = "run `make synth` and commit what it changes"
LINE_ENDS = (
    "CRLF: run `make synth`, which writes LF, and keep them with"
    " `git config core.autocrlf false` or `* text=auto eol=lf` in .gitattributes"
)


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
        elif found := _difference(old.read_bytes(), new.read_bytes()):
            line, problem, hint = found
            yield Finding(STALE, old, line, old.name, problem, hint)


def _difference(old: bytes, new: bytes) -> tuple[int, str, str] | None:
    """The first line of a file that differs from its rendering, what is wrong, and the fix."""
    if old == new:
        return None
    if old.replace(b"\r\n", b"\n") == new:
        line = old[: old.index(b"\r\n")].count(b"\n") + 1
        return line, "differs from what the code renders in its line endings alone", LINE_ENDS
    return _first_difference(old, new), "is not what the code renders", HINT


def _first_difference(old: bytes, new: bytes) -> int:
    """The number of the first line that differs; the last one if more lines should follow."""
    ours = old.splitlines()
    pairs = zip(ours, new.splitlines(), strict=False)
    differing = (line for line, (own, rendered) in enumerate(pairs, 1) if own != rendered)
    return next(differing, max(1, min(len(ours), len(new.splitlines()) + 1)))
