"""Whether an older image knows the schema, and which commands take it back, for each history."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.migrations import image_migrations
from ops.migrations.image_migrations import is_wanted
from ops.migrations.way_back import Apps
from ops.registry import Reference
from ops.rollback.compatibility import Deployed, Verdict, judge
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

NEW, OLD = (Reference("gitea.coulomb.social", "coulomb/bids", tag) for tag in ("new", "old"))


def apps(files: Files, folder: str = "app") -> Apps:
    paths = {f"/{folder}/{path}": text.encode() for path, text in files.items()}
    return image_migrations.of({p: text for p, text in paths.items() if is_wanted(p)})


def verdict(older: Files, newer: Files, folder: str = "app") -> Verdict:
    return judge({Deployed("c0ffee", NEW): apps(newer, folder)}, apps(older), OLD)


def commands(found: Verdict) -> tuple[str, ...]:
    return tuple(map(" ".join, found.way_back.commands if found.way_back else ()))


def test_unreadable_migration_of_another_app_is_in_the_way_only_if_it_is_new() -> None:
    broken = app("awards", {"0001_initial": "class Migration("})
    assert commands(verdict({**TWO, **broken}, {**THREE, **broken})) == ("bids 0002_note",)
    found = verdict(TWO, {**THREE, **broken})
    assert found.no_way_back == "in new, awards.0001_initial cannot be parsed"


def test_app_of_a_library_is_another_one_than_the_projects_of_that_label() -> None:
    library = {f"lib/python3.13/site-packages/x/{path}": text for path, text in TWO.items()}
    found = verdict(library, {**library, **THREE})
    assert not found.allows
    assert "does not know bids.0001_initial, bids.0002_note, bids.0003" in found.sentence
    assert found.no_way_back == "in new, the image has 2 apps with the label bids"


def test_copy_of_an_app_is_in_nobodys_way() -> None:
    older, newer = (
        {**files, **{f"build/lib/{path}": text for path, text in files.items()}}
        for files in (TWO, THREE)
    )
    assert commands(verdict(older, newer)) == ("bids 0002_note",)


def test_migrations_in_a_folder_that_a_setting_names_are_found() -> None:
    older = {f"db/of_bids/{Path(path).name}": text for path, text in TWO.items() if "/00" in path}
    found = verdict(older, {**older, "db/of_bids/0003_price.py": PRICE})
    assert "does not know of_bids.0003_price" in found.sentence
    assert found.no_way_back == "in new, the label of the app of_bids is not certain"


def test_what_is_no_migration_in_such_a_folder_does_not_count() -> None:
    found = verdict(TWO, {**TWO, "bids/migrations/helpers.py": "def now(): ...\n"})
    assert found.allows


def test_rewritten_migration_of_a_library_is_the_same() -> None:
    library = {f"lib/python3.13/site-packages/x/{path}": text for path, text in TWO.items()}
    changed = {path: text.replace("Integer", "BigInteger") for path, text in library.items()}
    assert verdict({**TWO, **library}, {**TWO, **changed}).allows


def test_project_in_another_folder_is_the_same() -> None:
    assert verdict(TWO, TWO, folder="srv/code").allows


def test_removed_columns_are_named() -> None:
    found = verdict(TWO, and_third(dropped("note"))).way_back
    assert found
    assert found.removed_columns == (THIRD,)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_history(shape: Shape) -> None:
    found = verdict(shape.older, shape.newer)
    assert shape.sentence in found.sentence
    assert found.allows == shape.is_allowed
    assert shape.no_way_back in found.no_way_back
    assert bool(shape.no_way_back) == bool(found.no_way_back)
    assert commands(found) == shape.commands
    if found.way_back:
        assert tuple(map(".".join, found.way_back.again)) == shape.again
