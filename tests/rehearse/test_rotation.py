"""Secrets are changed while people use the site."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.rehearse.site import settle

if TYPE_CHECKING:
    from tests.rehearse.site import Site


@pytest.mark.rehearsal(5, "SECRET_KEY rotated: everybody logs in once more, and sees no error")
def test_secret_key_rotated(site: Site) -> None:
    with site.visitors() as visitors, site.writer() as writer:
        settle()
        start = time.monotonic()
        rotate(site, "SECRET_KEY")
        site.do("ops secrets apply", "git push")
        site.deploy()
        seconds = time.monotonic() - start
        settle()
    assert visitors.failed == []
    assert not [problem for problem in writer.problems if "500" in problem]
    assert writer.logins == 2
    site.figures.note(
        5,
        "SECRET_KEY rotated",
        seconds=seconds,
        seen="has to log in once more",
        visitors=visitors,
        writer=writer,
    )
    assert site.figures.lines[-1].lost == 0


@pytest.mark.rehearsal(5, "the database password rotated: nobody sees an error")
def test_password_rotated(site: Site) -> None:
    with site.visitors() as visitors, site.writer() as writer:
        settle()
        start = time.monotonic()
        rotate(site, "password")
        site.do("ops secrets apply --platform", "git push")
        site.deploy()
        seconds = time.monotonic() - start
        settle()
    site.figures.note(
        5,
        "the database password rotated",
        seconds=seconds,
        seen="nothing",
        visitors=visitors,
        writer=writer,
    )
    assert visitors.failed == []
    assert site.figures.lines[-1].lost == 0


def rotate(site: Site, key: str) -> None:
    """Change a value in the file, and commit that; nothing happens on the cluster yet."""
    site.do(
        f"ops secrets rotate {key}",
        "make synth",
        "git add secrets dist",
        f"git commit --quiet --message 'Rotate {key}'",
    )
