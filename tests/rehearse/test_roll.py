"""A new image while people use the site, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.rehearse.site import Site

LOAD_SECONDS = 60.0


@pytest.mark.rehearsal(3, "a new image with a migration in it: no request fails, one at a time")
def test_new_image_fails_nobody(site: Site) -> None:
    rolls_unseen(site, "a new image with a migration, one visitor at a time", at_a_time=1)


@pytest.mark.rehearsal(6, "back to the former image, whose code survives the newer schema")
def test_rollback_to_a_compatible_image(site: Site) -> None:
    refused = site.operator.ops("rollback")
    assert refused.returncode == 1
    assert "0002_notiz" in refused.stdout + refused.stderr
    title = "rollback, the schema stays the newer one"
    with site.in_use(6, title, seen="nothing") as people, people.timed():
        site.roll_back("--schema-is-compatible")
    assert people.visitors.failed == []


@pytest.mark.rehearsal(6, "the same new image again: no request fails, twenty at a time")
def test_new_image_fails_nobody_of_twenty(site: Site) -> None:
    rolls_unseen(site, "a new image, twenty visitors at a time", at_a_time=20)


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


def rolls_unseen(site: Site, title: str, *, at_a_time: int) -> None:
    """The next image comes while so many people use the site, and none of them notices."""
    site.use_image("next")
    with site.in_use(3, title, seen="nothing", at_a_time=at_a_time) as people:
        with people.timed():
            site.deploy()
        people.visitors.until(LOAD_SECONDS)
    assert people.visitors.failed == []
    assert people.writer.problems == []
    site.figures.rolls[title] = people.visitors.requests
