"""A new image while people use the site, and the way back."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.rehearse.site import settle

if TYPE_CHECKING:
    from tests.rehearse.site import Site

LOAD_SECONDS = 60.0


@pytest.mark.rehearsal(3, "a new image with a migration in it: no request fails, one at a time")
def test_new_image_fails_nobody(site: Site) -> None:
    site.use_image("next")
    with site.visitors() as visitors, site.writer() as writer:
        settle()
        seconds = site.deploy()
        visitors.until(LOAD_SECONDS)
    assert visitors.failed == []
    assert writer.problems == []
    title = "a new image with a migration, one visitor at a time"
    site.figures.note(3, title, seconds=seconds, seen="nothing", visitors=visitors, writer=writer)
    site.figures.rolls["one at a time"] = visitors.requests
    assert site.figures.lines[-1].lost == 0


@pytest.mark.rehearsal(6, "back to the former image, whose code survives the newer schema")
def test_rollback_to_a_compatible_image(site: Site) -> None:
    refused = site.operator.ops("rollback")
    assert refused.returncode == 1
    assert "0002_notiz" in refused.stdout + refused.stderr
    with site.visitors() as visitors, site.writer() as writer:
        settle()
        site.do("ops rollback --schema-is-compatible", "git push")
        seconds = site.deploy()
        settle()
    assert visitors.failed == []
    title = "rollback, the schema stays the newer one"
    site.figures.note(6, title, seconds=seconds, seen="nothing", visitors=visitors, writer=writer)
    assert site.figures.lines[-1].lost == 0


@pytest.mark.rehearsal(6, "the same new image again: no request fails, twenty at a time")
def test_new_image_fails_nobody_of_twenty(site: Site) -> None:
    site.use_image("next")
    with site.visitors(at_a_time=20) as visitors, site.writer() as writer:
        settle()
        seconds = site.deploy()
        visitors.until(LOAD_SECONDS)
    assert visitors.failed == []
    assert writer.problems == []
    title = "a new image, twenty visitors at a time"
    site.figures.note(3, title, seconds=seconds, seen="nothing", visitors=visitors, writer=writer)
    site.figures.rolls["twenty at a time"] = visitors.requests
    assert site.figures.lines[-1].lost == 0


@pytest.mark.rehearsal(6, "back from an image whose schema the former code does not survive")
def test_rollback_from_an_incompatible_image(site: Site) -> None:
    site.use_image("incompatible")
    site.deploy()
    with site.visitors() as visitors, site.writer() as writer:
        settle()
        refused = site.operator.ops("rollback")
        assert refused.returncode == 1
        assert "0002_stand" in refused.stderr
        way_back = [line.strip() for line in refused.stderr.split("\n") if " migrate " in line]
        start = time.monotonic()
        site.do(*way_back, "ops rollback --schema-is-compatible", "git push")
        site.deploy()
        seconds = time.monotonic() - start
        settle()
    site.figures.note(
        6,
        "rollback, the schema taken back first",
        seconds=seconds,
        seen="errors where the schema is older than the code, until the older code runs",
        visitors=visitors,
        writer=writer,
    )
    assert site.figures.lines[-1].lost == 0
