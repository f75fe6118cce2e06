"""Secrets are changed while people use the site."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from box.poll import until
from tests.rehearse.inside import log_in
from tests.runbook import commands

if TYPE_CHECKING:
    from tests.rehearse.site import Site

MANY = 20
LOGGED_OUT = re.compile("asks to log in again, at |refused: the form came back$")
"""By the page that was asked for, or by the one after the login, of the other pod."""
DATABASE, REFUSED = "vergabe_db", "password authentication failed"
IN_FORCE_SECONDS = 10
"""CloudNativePG takes over a changed password at once."""


@pytest.mark.rehearsal(5, "SECRET_KEY rotated: everybody logs in again, and sees no error")
def test_secret_key_rotated(site: Site) -> None:
    seen = "has to log in once more; in the moment in which both pods serve, perhaps twice"
    with site.in_use(5, "SECRET_KEY rotated", seen=seen, at_a_time=MANY) as people, people.timed():
        set_anew(site, "SECRET_KEY")
        roll(site)
    assert people.visitors.failed == []
    # Once more, or twice in the moment in which both pods serve.
    assert people.writer.logins in {2, 3}
    assert [problem for problem in people.writer.problems if not LOGGED_OUT.search(problem)] == []


@pytest.mark.rehearsal(5, "the database password rotated: nobody sees an error")
def test_password_rotated(site: Site) -> None:
    title = f"the database password rotated, visitors at a time: {MANY}"
    with site.unseen(5, title, MANY) as people, people.timed():
        set_anew(site, "password", "--platform")
        roll(site)


@pytest.mark.rehearsal(5, "the database password rotated, and a rush before the pods have it")
def test_password_rotated_before_a_rush(site: Site) -> None:
    site.do(*commands("Restart"))  # to pods of which nobody has asked much yet
    site.recover()
    title = f"the database password rotated, {MANY} visitors more before the pods have it"
    with site.unseen(5, title) as people, people.timed():
        set_anew(site, "password", "--platform")
        until(lambda: REFUSED in log_in(site, DATABASE), "the pods are refused", IN_FORCE_SECONDS)
        people.visitors.join_in(MANY)
        roll(site)


def set_anew(site: Site, key: str, option: str = "") -> None:
    """Change a value in the file, and bring it to the cluster."""
    site.do(f"ops secrets rotate {key}")
    site.commit_secrets(f"Rotate {key}")
    site.do(f"ops secrets apply {option}")


def roll(site: Site) -> None:
    """Have the pods read what is new."""
    site.do("git push")
    site.deploy()
