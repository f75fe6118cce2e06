"""A new image while people use the site, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.rehearse.site import Site

LOAD_SECONDS = 60.0
NOTIZ = "FROM django_migrations WHERE name = '0002_notiz'"


@pytest.mark.rehearsal(3, "a new image with a migration in it: no request fails")
@pytest.mark.parametrize("at_a_time", [1, 20])
def test_new_image_fails_nobody(site: Site, at_a_time: int) -> None:
    site.begin_with("first")
    forget_notiz(site)
    site.use_image("next")
    title = f"a new image with a migration, visitors at a time: {at_a_time}"
    with site.unseen(3, title, at_a_time) as people:
        with people.timed():
            site.deploy()
        people.visitors.come_for(LOAD_SECONDS)
    assert site.sql(f"SELECT count(*) {NOTIZ}") == "1"
    site.figures.rolls[title] = people.visitors.requests


@pytest.mark.rehearsal(6, "back to the former image, whose code survives the newer schema")
def test_rollback_to_a_compatible_image(site: Site) -> None:
    site.begin_with("first")
    site.use_image("next")
    site.deploy()
    refused = site.operator.ops("rollback")
    assert refused.returncode == 1
    assert "0002_notiz" in refused.stdout + refused.stderr
    title = "rollback, the schema stays the newer one"
    with site.unseen(6, title) as people, people.timed():
        site.roll_back("--schema-is-compatible")


@pytest.mark.rehearsal(6, "back from an image whose schema the former code does not survive")
def test_rollback_from_an_incompatible_image(site: Site) -> None:
    site.use_image("incompatible")
    site.deploy()
    title = "rollback, the schema taken back first"
    seen = "errors where the schema is older than the code, until the older code runs"
    with site.in_use(6, title, seen=seen) as people:
        refused = site.operator.ops("rollback")
        assert refused.returncode == 1
        assert "0002_stand" in refused.stderr
        way_back = [line.strip() for line in refused.stderr.split("\n") if " migrate " in line]
        with people.timed():
            site.do(*way_back)
            site.roll_back("--schema-is-compatible")


def forget_notiz(site: Site) -> None:
    """Have the schema as it was before the next version, so that its migration is one again."""
    site.sql("ALTER TABLE ausschreibungen_ausschreibung DROP COLUMN IF EXISTS notiz")
    site.sql(f"DELETE {NOTIZ}")
