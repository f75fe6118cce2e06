"""What is rendered, byte for byte: dist/ and argocd/ as committed, and made-up apps beside them.

A snapshot that differs is shown as a difference; `make accept` takes the new one.
"""

import difflib
from pathlib import Path

import pytest

from apps import APPS
from tests.conftest import ROOT, content, rendered
from tests.made_up import NOTIZEN, PLAIN

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


def test_repository_holds_what_is_rendered(tmp_path: Path) -> None:
    changed = difference(files(ROOT), files(rendered(APPS, tmp_path, ROOT / "secrets")))
    assert not changed, f"\n{changed}\n\n{ACCEPT}"


def test_made_up_apps_are_rendered_as_before(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "notizen.sops.yaml").write_text("ciphertext\n")
    target = SNAPSHOTS if request.config.getoption("--accept") else tmp_path
    fresh = rendered([NOTIZEN, PLAIN], target, secrets)
    changed = difference(files(SNAPSHOTS), files(fresh))
    assert not changed, f"\n{changed}\n\n{ACCEPT}"


def test_difference_names_file_and_line() -> None:
    shown = difference({"dist/a.yaml": "kind: A\nx: 1"}, {"dist/a.yaml": "kind: A\nx: 2"})
    assert shown == "--- dist/a.yaml\n+++ dist/a.yaml\n@@ -1,2 +1,2 @@\n kind: A\n-x: 1\n+x: 2"
