"""From an empty cluster with its platform to a site that people use, by the runbook."""

from __future__ import annotations

import datetime
import difflib
import secrets
import time
from typing import TYPE_CHECKING

import pytest

from ops.cluster.reported import condition
from ops.smoke.visit import Person
from tests.e2e.repository import ROOT
from tests.rehearse.doorbell import Doorbell
from tests.rehearse.site import settle
from tests.runbook import lines_of

if TYPE_CHECKING:
    from tests.rehearse.site import Site

PREPARED_BY = "docs/how-to/prepare-the-cluster.md"
INSTALLED_WITHIN_SECONDS = 240
NOT_FOUND, OK = 404, 200
MAY_DIFFER = (
    "annotations:",
    "image: ",
    "railiance.io/secrets-digest: ",
    "platform.railiance.io/public-address: ",
    "platform.railiance.io/storage-class: ",
    "storageClassName: ",
)


@pytest.mark.rehearsal(
    0, "the YAML is production's but for image, secrets, address and class of volumes"
)
def test_rendered_is_productions_but_for_image_and_address(site: Site) -> None:
    site.do(
        "ops image set first",
        "ops secrets init --make-key --password-from-cluster",
        "make synth",
        "git add .sops.yaml secrets apps dist argocd",
        "git commit --quiet --all --message 'The app, here'",
        "git push --quiet",
    )
    changed: list[str] = []
    for file in sorted(path for name in ("dist", "argocd") for path in (ROOT / name).iterdir()):
        here = (site.operator.folder / file.relative_to(ROOT)).read_text()
        lines = difflib.unified_diff(file.read_text().split("\n"), here.split("\n"), n=0)
        changed += [line[1:].strip() for line in list(lines)[2:] if not line.startswith("@@")]
    assert changed
    assert [line for line in changed if not line.startswith(MAY_DIFFER)] == []


@pytest.mark.rehearsal(1, "day one by the runbook: HTTPS with a certificate, and nothing before")
def test_day_one(site: Site) -> None:
    began = time.monotonic()
    with Doorbell(site.place, site.plan.health_path) as doorbell, site.visitors() as visitors:
        site.do("ops secrets apply", *lines_of((ROOT / PREPARED_BY).read_text()))
        visitors.until_answered(INSTALLED_WITHIN_SECONDS)
        answers_after = time.monotonic() - began
        site.wait_until_healthy()
        healthy_after = time.monotonic() - began
        settle()
    site.figures.times[
        "day one: `ops secrets apply` and the root Application, until HTTPS answers"
    ] = answers_after
    site.figures.times["day one, until Healthy"] = healthy_after

    ready = condition(site.certificate(), "Ready")
    assert ready["status"] == "True"
    certified = datetime.datetime.fromisoformat(ready["lastTransitionTime"]).timestamp()
    before = [ring for ring in doorbell.rings if ring.at < certified]
    assert len(before) > 10
    assert {ring.status for ring in before} <= {0, NOT_FOUND}
    assert {ring.status for ring in doorbell.rings if ring.scheme == "http"} <= {0, 404, 301, 308}
    assert doorbell.rings[-1].status == OK
    assert visitors.failed_later == []
    site.figures.note(
        1, "day one", seconds=healthy_after, seen="404, then the site, over HTTPS from the start"
    )


@pytest.mark.rehearsal(1, "preflight and status are well, ops smoke passes whole")
def test_smoke_passes_whole(site: Site) -> None:
    site.do("ops preflight", "ops status", "ops seed")
    password = secrets.token_urlsafe(16)
    made = site.operator.ops(
        "superuser", "anna", "--email", "anna@localhost", "--password-stdin", stdin=f"{password}\n"
    )
    assert made.returncode == 0, made.stdout + made.stderr
    assert password not in made.stdout + made.stderr
    site.person = Person("anna", password)
    smoke = site.operator.ops(
        *("smoke", "--user", "anna", "--password-stdin", "--context", "railiance01"),
        *("--ca", str(site.authority)),
        stdin=f"{password}\n",
    )
    assert smoke.returncode == 0, smoke.stdout + smoke.stderr
    assert "not checked" not in smoke.stdout
