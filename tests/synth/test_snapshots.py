"""What is rendered, byte for byte: the frozen repository, and made-up apps beside it.

A snapshot that differs is shown as a difference; `make accept` takes the new one.
"""

import difflib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import frozen
from tests.conftest import content, rendered
from tests.made_up import NOTIZEN, PLAIN, WERKSTATT, WITH_VALKEY

SNAPSHOTS = Path(__file__).parent / "snapshots"
ACCEPT = "If this is what you meant, accept it with `make accept` and commit what it changes."


def files(folder: Path) -> dict[str, str]:
    return {name: data.decode() for name, data in content(folder).items()}


def difference(old: dict[str, str], new: dict[str, str]) -> str:
    lines = [
        line
        for name in sorted({*old, *new})
        for line in difflib.unified_diff(
            old.get(name, "").splitlines(), new.get(name, "").splitlines(), name, name, lineterm=""
        )
    ]
    return "\n".join(lines)


@pytest.fixture
def target(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[Path], Path]:
    """Where to render to: into the snapshots themselves if they are to be replaced."""
    accept = request.config.getoption("--accept")
    return lambda snapshots: snapshots if accept else tmp_path


def test_frozen_repository_is_rendered_as_before(target: Callable[[Path], Path]) -> None:
    fresh = rendered(frozen.APPS, target(frozen.FOLDER))
    changed = difference(files(frozen.FOLDER), files(fresh))
    assert not changed, f"\n{changed}\n\n{ACCEPT}"


def test_made_up_apps_are_rendered_as_before(
    tmp_path: Path, target: Callable[[Path], Path]
) -> None:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "notizen.sops.yaml").write_text("ciphertext\n")
    fresh = rendered([NOTIZEN, PLAIN, WERKSTATT], target(SNAPSHOTS), secrets, WITH_VALKEY)
    changed = difference(files(SNAPSHOTS), files(fresh))
    assert not changed, f"\n{changed}\n\n{ACCEPT}"


def test_difference_names_file_and_line() -> None:
    shown = difference({"dist/a.yaml": "kind: A\nx: 1"}, {"dist/a.yaml": "kind: A\nx: 2"})
    assert shown == "--- dist/a.yaml\n+++ dist/a.yaml\n@@ -1,2 +1,2 @@\n kind: A\n-x: 1\n+x: 2"
