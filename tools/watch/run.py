"""One run: renders what has changed, checks and plans it, and shows what came of it."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import app
from ops.errors import ManifestError, OpsError, UsageError
from ops.gate import report, repository
from ops.gate import run as gate
from ops.plan import run as plan
from ops.plan import text
from ops.render import RENDERED
from tools.watch.paths import in_one_line

ROOT = Path()
LAST_COMMIT = "HEAD"


def run() -> int:
    """0, or app.py's exit code where the declarations cannot be rendered."""
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
        print("dist/ and argocd/ stay as they are")


@contextmanager
def _sentence() -> Iterator[None]:
    """Shows an error of the gate's or the plan's, so that what comes next is done as well."""
    try:
        yield
    except OpsError as error:
        print(f"error: {error}")


def _check() -> None:
    """Freshness needs no check, right after rendering; gitleaks takes seconds for all files."""
    result = gate.run([ROOT / name for name in RENDERED], ROOT, whole_repository=False)
    result.findings += repository.unencrypted(ROOT)
    report.show_findings(result)


def _plan() -> None:
    """What was just rendered can be read; what cannot is the commit's."""
    try:
        found = plan.plan(LAST_COMMIT, None, ROOT)
    except UsageError as error:
        raise OpsError("no plan: there is no commit to compare with") from error
    except ManifestError as error:
        raise OpsError(f"no plan: in {LAST_COMMIT}, {error}") from error
    text.show(found, with_sync=False)
