"""Whether an older image knows the schema, and which commands take it back, for each history."""

from __future__ import annotations

from pathlib import Path

import pytest

from box.certificates import Authority
from ops.registry import Reference
from ops.rollback.compatibility import Deployed, Verdict, compare
from tests.ops.image.conftest import HOST, REPOSITORY, reaching
from tests.ops.image.gateway import Gateway
from tests.ops.image.images import Pusher, layer
from tests.ops.image.shapes import (
    PRICE,
    SHAPES,
    THIRD,
    THREE,
    TWO,
    Files,
    Shape,
    and_third,
    app,
    dropped,
)


@pytest.fixture(autouse=True)
def machine(
    gateway: Gateway, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in reaching(gateway, authority, tmp_path).items():
        monkeypatch.setenv(name, value)


def push(pusher: Pusher, tag: str, files: Files, folder: str = "app") -> Deployed:
    contents = {f"{folder}/{path}": text for path, text in files.items()}
    pusher.image(tag, layer(contents=contents))
    return Deployed(tag, Reference(HOST, REPOSITORY, tag))


def verdict(pusher: Pusher, older: Files, newer: Files) -> Verdict:
    target, present = push(pusher, "old", older), push(pusher, "new", newer)
    return compare([present], target.image)


def commands(found: Verdict) -> tuple[str, ...]:
    return tuple(map(" ".join, found.way_back.commands if found.way_back else ()))


def test_image_without_any_migration_is_no_permission(pusher: Pusher) -> None:
    found = verdict(pusher, {"manage.py": ""}, TWO)
    assert not found.allows
    assert "contains no migrations; is it a Django image?" in found.sentence


def test_unreadable_migration_of_another_app_is_in_the_way_only_if_it_is_new(
    pusher: Pusher,
) -> None:
    broken = app("awards", {"0001_initial": "class Migration("})
    assert commands(verdict(pusher, {**TWO, **broken}, {**THREE, **broken})) == ("bids 0002_note",)
    found = verdict(pusher, TWO, {**THREE, **broken})
    assert found.no_way_back == "in new, awards.0001_initial cannot be parsed"


def test_app_of_a_library_is_another_one_than_the_projects_of_that_label(pusher: Pusher) -> None:
    library = {f"lib/python3.13/site-packages/x/{path}": text for path, text in TWO.items()}
    found = verdict(pusher, library, {**library, **TWO})
    assert not found.allows
    assert "does not know bids.0001_initial, bids.0002_note" in found.sentence
    assert found.no_way_back == "in new, the image has 2 apps with the label bids"


def test_migrations_in_a_folder_that_a_setting_names_are_found(pusher: Pusher) -> None:
    older = {f"db/of_bids/{Path(path).name}": text for path, text in TWO.items() if "/00" in path}
    found = verdict(pusher, older, {**older, "db/of_bids/0003_price.py": PRICE})
    assert "does not know of_bids.0003_price" in found.sentence
    assert found.no_way_back == "in new, the label of the app of_bids is not certain"


def test_what_is_no_migration_in_such_a_folder_does_not_count(pusher: Pusher) -> None:
    found = verdict(pusher, TWO, {**TWO, "bids/migrations/helpers.py": "def now(): ...\n"})
    assert found.allows


def test_rewritten_migration_of_a_library_is_the_same(pusher: Pusher) -> None:
    library = {f"lib/python3.13/site-packages/x/{path}": text for path, text in TWO.items()}
    changed = {path: text.replace("Integer", "BigInteger") for path, text in library.items()}
    assert verdict(pusher, {**TWO, **library}, {**TWO, **changed}).allows


def test_project_in_another_folder_is_the_same(pusher: Pusher) -> None:
    target, present = push(pusher, "old", TWO), push(pusher, "new", TWO, folder="srv/code")
    assert compare([present], target.image).allows


def test_removed_columns_are_named(pusher: Pusher) -> None:
    found = verdict(pusher, TWO, and_third(dropped("note"))).way_back
    assert found
    assert found.removed_columns == (THIRD,)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_history(pusher: Pusher, shape: Shape) -> None:
    found = verdict(pusher, shape.older, shape.newer)
    assert shape.sentence in found.sentence
    assert found.allows == shape.is_allowed
    assert shape.no_way_back in found.no_way_back
    assert bool(shape.no_way_back) == bool(found.no_way_back)
    assert commands(found) == shape.commands
    if found.way_back:
        assert tuple(map(".".join, found.way_back.again)) == shape.again
