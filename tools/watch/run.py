"""One run: renders what has changed, checks and plans it, and shows the result."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import app
from ops.declarations.synth import RENDERED
from ops.errors import ManifestError, OpsError, UsageError
from ops.gate import inspection as gate
from ops.gate import report, repository_files
from ops.plan import build as plan
from ops.plan import text
from tools.watch.paths import in_one_line

ROOT = Path()
LAST_COMMIT = "HEAD"


def run() -> int:
    """Returns 0, or app.py's exit code if the declarations cannot be rendered."""
    before = _rendered()
    sys.argv = ["app.py"]
    if code := app.main():
        return code
    _show_changed(before, _rendered())
    with _sentence():
        _check()
    with _sentence():
        _plan()
    return 0


def _rendered() -> dict[Path, bytes]:
    files = (file for name in RENDERED for file in sorted((ROOT / name).glob("*")))
    return {file: file.read_bytes() for file in files if file.is_file()}


def _show_changed(before: Mapping[Path, bytes], after: Mapping[Path, bytes]) -> None:
    changed = [file for file in after if before.get(file) != after[file]]
    removed = [file for file in before if file not in after]
    for done, files in (("written", changed), ("removed", removed)):
        if files:
            print(f"{done}: {in_one_line(files)}")
    if not changed and not removed:
        print("dist/ and argocd/ are unchanged")


@contextmanager
def _sentence() -> Iterator[None]:
    """Prints an error of the gate or the plan, so that the next step still runs."""
    try:
        yield
    except OpsError as error:
        print(f"error: {error}")


def _check() -> None:
    """Without freshness, which rendering ensures, and gitleaks, which takes seconds."""
    result = gate.run([ROOT / name for name in RENDERED], ROOT, whole_repository=False)
    result.findings += repository_files.unencrypted(ROOT)
    report.show_findings(result)


def _plan() -> None:
    """A ManifestError is in the commit: the files that were just rendered are readable."""
    try:
        found = plan.plan(LAST_COMMIT, None, ROOT)
    except UsageError as error:
        raise OpsError("no plan: there is no commit to compare with") from error
    except ManifestError as error:
        raise OpsError(f"no plan: in {LAST_COMMIT}, {error}") from error
    text.show(found, with_sync=False)
