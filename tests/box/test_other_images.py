"""Images of other people's apps: everything in them is pinned, and a new pin makes them anew."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from box.images.others import recipes, table

if TYPE_CHECKING:
    from pathlib import Path

PIN = r"[a-z0-9-]+==\S+ --hash=sha256:[0-9a-f]{64}"


@pytest.mark.parametrize("file", sorted(recipes.PINS.glob("*.txt")), ids=lambda file: file.name)
def test_every_package_has_one_version_and_one_hash(file: Path) -> None:
    lines = [line for line in file.read_text().splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(PIN, line)] == []
    names = [line.partition("==")[0] for line in lines]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("app", recipes.APPS, ids=lambda app: app.name)
def test_the_tag_of_an_image_is_the_version_of_its_app(app: recipes.App) -> None:
    assert f"\n{app.name}=={app.version} " in app.pins.read_text()


def test_images_are_made_anew_when_a_pin_changes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = {app.name: table.inputs(app) for app in recipes.APPS}
    pins = shutil.copytree(recipes.PINS, tmp_path / "pins")
    (pins / "pretalx-source.txt").write_text("drf-flex-fields==2.0.0\n")
    monkeypatch.setattr(recipes, "PINS", pins)
    changed = [app.name for app in recipes.APPS if table.inputs(app) != before[app.name]]
    assert changed == ["pretalx"]
