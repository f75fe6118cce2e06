"""Maintenance while people visit: the page or the app, and for operators the app."""

from __future__ import annotations

import time
from itertools import groupby
from typing import TYPE_CHECKING

import pytest

from ops.smoke.browser import OK, Browser
from tests.rehearse.site import settle
from tests.runbook import commands

if TYPE_CHECKING:
    from ops.smoke.browser import Answer
    from tests.rehearse.site import Site
    from tests.rehearse.visitors import Request

UNAVAILABLE = 503
VISITORS = 20


@pytest.mark.rehearsal(130, "maintenance on and off under load: the page or the app, nothing else")
def test_no_moment_without_an_answer(site: Site) -> None:
    site.begin_with("first")
    pods = {pod["metadata"]["uid"] for pod in site.web_pods()}
    with site.visitors(VISITORS) as visitors:
        settle()
        on = turn(site, "on")
        during = len(visitors.requests)
        sees_the_page(site)
        operator_sees_the_app(site)
        settle()
        ended = len(visitors.requests)
        off = turn(site, "off")
        settle()
    requests = sorted(visitors.requests, key=lambda request: request.at)
    strange = [r for r in requests if r.status not in (OK, UNAVAILABLE)]
    assert strange == []
    assert {request.status for request in visitors.requests[during:ended]} == {UNAVAILABLE}
    runs = [(status, len(list(same))) for status, same in groupby(requests, status_of)]
    assert (runs[0][0], runs[-1][0]) == (OK, OK)
    assert {pod["metadata"]["uid"] for pod in site.web_pods()} == pods
    site.figures.note(
        130,
        "maintenance on, and off",
        seconds=on + off,
        seen="503 with `Retry-After` while it is on; operators the app",
        visitors=visitors,
    )


def status_of(request: Request) -> int:
    return request.status


def turn(site: Site, state: str) -> float:
    """Maintenance on or off, by the runbook; how long the deploy took."""
    first, *lines, _ = commands("Show a maintenance page")
    site.do(first.replace(" on", f" {state}"), *lines)
    start = time.monotonic()
    site.deploy()
    return time.monotonic() - start


def sees_the_page(site: Site) -> None:
    """Whatever a stranger asks for, and what status and smoke test make of it."""
    with Browser(site.place, site.authority, 10) as browser:
        for path in ("/", site.plan.health_path, "/admin/", "/nowhere/"):
            answer = browser.get_once(path)
            assert answer.status == UNAVAILABLE
            assert int(answer.headers["retry-after"]) > 0
    assert "visitors see the maintenance page" in site.do(f"ops status --app {site.app}")
    smoke = site.operator.ops("smoke", "--app", site.app, "--ca", str(site.authority))
    assert smoke.returncode == 1
    assert "visitors see the maintenance page (503, Retry-After 300)" in smoke.stdout


def operator_sees_the_app(site: Site) -> None:
    """By the link, for as long as it is good."""
    link = site.do(f"ops maintenance link --app {site.app}").strip()
    with Browser(site.place, site.authority, 10) as browser:
        assert is_app(site, browser.get(link))
        assert is_app(site, browser.get(site.plan.health_path))


def is_app(site: Site, answer: Answer) -> bool:
    return answer.status == OK and answer.url.startswith(f"https://{site.plan.host}/")
