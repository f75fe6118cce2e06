"""Secrets are changed while people use the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.rehearse.site import Site


@pytest.mark.rehearsal(5, "SECRET_KEY rotated: everybody logs in again, and sees no error")
def test_secret_key_rotated(site: Site) -> None:
    seen = "has to log in once more; in the moment in which both pods serve, perhaps twice"
    with site.in_use(5, "SECRET_KEY rotated", seen=seen) as people, people.timed():
        rotate(site, "SECRET_KEY")
    assert people.visitors.failed == []
    # Once more, or twice in the moment in which both pods serve.
    assert people.writer.logins in {2, 3}
    assert not [problem for problem in people.writer.problems if "answers 5" in problem]


@pytest.mark.rehearsal(5, "the database password rotated: nobody sees an error")
def test_password_rotated(site: Site) -> None:
    title = "the database password rotated"
    with site.unseen(5, title) as people, people.timed():
        rotate(site, "password", "--platform")


def rotate(site: Site, key: str, option: str = "") -> None:
    """Change a value in the file, bring it to the cluster, and have the pods roll."""
    site.do(f"ops secrets rotate {key}")
    site.commit_secrets(f"Rotate {key}")
    site.do(f"ops secrets apply {option}", "git push")
    site.deploy()
