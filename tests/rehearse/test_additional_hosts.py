"""More hosts for the app: one served, one redirected, and one whose name leads nowhere."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from ops.smoke.browser import Browser
from ops.smoke.checks import additional_hosts
from ops.smoke.visit import Visit
from tests.frozen import VERGABE_TEILNAHME
from tests.rehearse.conftest import MORE_HOSTS
from tests.rehearse.site import settle

if TYPE_CHECKING:
    from tests.rehearse.site import Site

DECLARATION = "apps/vergabe_teilnahme.py"
HOST = VERGABE_TEILNAHME.host
SERVED, REDIRECTED = MORE_HOSTS
NOWHERE = "nowhere.whywhynot.de"
NEW_SETTING = "--graceful-timeout=31"


@pytest.mark.rehearsal(131, "additional hosts: served and redirected, each with its certificate")
def test_additional_hosts_are_served_and_redirected(site: Site) -> None:
    site.begin_with("first")
    declare(site, f'AdditionalHost(host="{REDIRECTED}", redirect=True)')
    declare(site, f'AdditionalHost(host="{SERVED}")')
    with site.visitors() as visitors:
        began = time.monotonic()
        commit(site, "More hosts")
        site.deploy()
        seconds = time.monotonic() - began
        settle()
    title = "additional hosts: one served, one redirected"
    site.figures.note(131, title, seconds=seconds, seen="nothing", visitors=visitors)
    assert visitors.failed == []
    with Browser(site.place, site.authority, 10) as browser:
        visit = Visit(site.plan, site.place, browser, 10, site.authority)
        said = additional_hosts.hosts.look(visit)
    assert said == f"{SERVED} is served; {REDIRECTED} redirects to {HOST}"
    assert "2 of 2 additional hosts can be reached" in site.do(f"ops status --app {site.app}")


@pytest.mark.rehearsal(131, "an additional host whose name leads nowhere: deploys go on without it")
def test_host_that_leads_nowhere_leaves_the_others_alone(site: Site) -> None:
    site.begin_with("first")
    declare(site, f'AdditionalHost(host="{NOWHERE}")')
    edit(site, "port=8000,", "port=8000,\n    graceful_timeout_seconds=31,")
    commit(site, "A host without a DNS record")
    with site.visitors() as visitors:
        began = time.monotonic()
        refused = site.failing_deploy()
        assert "dns.additional" in refused.stdout + refused.stderr
        assert NOWHERE in refused.stdout
        skipping = site.operator.ops("deploy", "--app", site.app, "--skip", "dns.additional")
        assert skipping.returncode == 1
        assert f"{HOST} is deployed, but the additional host {NOWHERE} gets no" in skipping.stderr
        assert NEW_SETTING in str(site.web_pods())
        site.do("git revert --no-edit HEAD", "git push --quiet")
        site.deploy()
        seconds = time.monotonic() - began
        settle()
    title = "an additional host whose name leads nowhere, and back"
    site.figures.note(131, title, seconds=seconds, seen="nothing", visitors=visitors)
    assert visitors.failed == []
    assert NEW_SETTING not in str(site.web_pods())


def declare(site: Site, host: str) -> None:
    """One more host in the declaration, before those that are there."""
    if "additional_hosts" not in (site.operator.folder / DECLARATION).read_text():
        edit(site, f'allowed_hosts=("{HOST}",),', "additional_hosts=(\n    ),")
        edit(site, f'    csrf_trusted_origins=("https://{HOST}",),\n', "")
        edit(site, "import DjangoApp", "import AdditionalHost, DjangoApp")
    edit(site, "additional_hosts=(\n", f"additional_hosts=(\n        {host},\n")


def edit(site: Site, old: str, new: str) -> None:
    """Another text in the declaration."""
    file = site.operator.folder / DECLARATION
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def commit(site: Site, message: str) -> None:
    """Render, commit and push."""
    site.do("make synth", f"git commit --quiet --all --message '{message}'", "git push --quiet")
