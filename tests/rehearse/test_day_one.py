"""From an empty cluster with its platform to a site that people use, by the runbook."""

from __future__ import annotations

import datetime
import difflib
import re
import secrets
import time
from typing import TYPE_CHECKING

import pytest

from ops.kinds.certificate import Certificate
from ops.objects.base import typed
from ops.smoke.visit import Person
from tests import frozen
from tests.rehearse.desk import ADDRESS
from tests.rehearse.doorbell import Doorbell
from tests.rehearse.site import settle
from tests.runbook import commands

if TYPE_CHECKING:
    from pathlib import Path

    from tests.rehearse.site import Site

DAY_ONE = commands("Day one", TAG="first")
AT_THE_CLUSTER = DAY_ONE.index("ops secrets apply")
"""The lines before this one make commits."""
INSTALLED_WITHIN_SECONDS = 240
NOT_FOUND, OK = 404, 200
OURS = frozen.VERGABE_TEILNAHME.image
IMAGE = [f"-image: {OURS.repository}:{OURS.tag}@DIGEST", f"+image: {OURS.repository}:first@DIGEST"]
SECRETS = ["+annotations:", "+railiance.io/secrets-digest: DIGEST"]
VOLUME = ["-storageClassName: local-path", "+storageClassName: local-path-small"]
DIFFERENT = {
    "argocd/root.yaml": [
        f"-platform.railiance.io/public-address: {ADDRESS}",
        "+platform.railiance.io/public-address: NODE",
        "-platform.railiance.io/storage-class: local-path",
        "+platform.railiance.io/storage-class: local-path-small",
    ],
    "argocd/vergabe-teilnahme.yaml": [],
    "dist/vergabe-teilnahme.k8s.yaml": [*SECRETS, *IMAGE, *VOLUME, *SECRETS, *IMAGE, *IMAGE],
}
"""Every line in which what runs here is not production's, of every file."""


@pytest.mark.rehearsal(
    0, "the YAML is production's but for image, secrets, address and class of volumes"
)
def test_rendered_is_productions_but_for_image_and_address(site: Site) -> None:
    site.do(*DAY_ONE[:AT_THE_CLUSTER])
    here = rendered_in(site.operator.folder)
    there = rendered_in(frozen.FOLDER)
    assert here.keys() == there.keys()
    told = {name: changes(there[name], here[name], site.address) for name in there}
    assert told == DIFFERENT


def rendered_in(folder: Path) -> dict[str, str]:
    """What is rendered in a clone, by the name of the file."""
    files = [file for name in ("dist", "argocd") for file in (folder / name).iterdir()]
    return {str(file.relative_to(folder)): file.read_text() for file in files}


def changes(before: str, after: str, node: str) -> list[str]:
    """The lines that go and come, without what no two boxes have in common."""
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=0))[2:]
    changed = [f"{line[0]}{line[1:].strip()}" for line in lines if not line.startswith("@@")]
    text = re.sub(r"(@|-digest: )(sha256:)?[0-9a-f]{16,}", r"\1DIGEST", "\n".join(changed))
    return text.replace(node, "NODE").splitlines()


@pytest.mark.rehearsal(1, "day one by the runbook: HTTPS with a certificate, and nothing before")
def test_day_one(site: Site) -> None:
    began = time.monotonic()
    with Doorbell(site.place, site.plan.health_path) as doorbell, site.visitors() as visitors:
        site.do(*DAY_ONE[AT_THE_CLUSTER:])
        visitors.until_answered(INSTALLED_WITHIN_SECONDS)
        answers_after = time.monotonic() - began
        site.wait_until_healthy()
        healthy_after = time.monotonic() - began
        settle()
    site.figures.times[
        "day one: `ops secrets apply` and the root Application, until HTTPS answers"
    ] = answers_after
    site.figures.times["day one, until Healthy"] = healthy_after

    ready = typed(Certificate, site.certificate()).status.condition("Ready")
    assert ready.status == "True"
    certified = datetime.datetime.fromisoformat(ready.last_transition_time).timestamp()
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
    assert "unknown" not in smoke.stdout
