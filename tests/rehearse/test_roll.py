"""A new image while people use the site, and the way back."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

import pytest

from box.poll import until
from ops.documents import fleet
from ops.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.rehearse.site import Site

LOAD_SECONDS = 60.0
WAITS, LACKS = "wait-for-migrations", "the database lacks a migration of this image"
WAITS_WITHIN_SECONDS = 60
NOTIZ = "FROM django_migrations WHERE name = '0002_notiz'"


@pytest.mark.rehearsal(3, "a pod that comes before the migration of its image waits for it")
def test_new_code_waits_for_its_migration(site: Site) -> None:
    site.begin_with("first")
    forget_notiz(site)
    title = "a pod that comes before its migration; time until it serves"
    with site.unseen(3, title) as people, people.timed():
        site.do(f"ops image set --app {site.app} second")
        with early_pod(site) as pod:
            until(lambda: LACKS in log_of(site, pod), "it says why it waits", WAITS_WITHIN_SECONDS)
            site.do(f"ops migrate --app {site.app}")
            ready = ("--for=condition=Ready", f"--timeout={WAITS_WITHIN_SECONDS}s")
            site.kubectl("wait", f"--namespace={site.app}", pod, *ready)
        site.do("git checkout --quiet .")


@pytest.mark.rehearsal(3, "a new image with a migration in it, and back: no request fails")
@pytest.mark.parametrize("at_a_time", [1, 20])
def test_new_image_fails_nobody(site: Site, at_a_time: int) -> None:
    site.begin_with("first")
    forget_notiz(site)
    title = f"a new image with a migration (s), and back, visitors at a time: {at_a_time}"
    with site.unseen(3, title, at_a_time) as people:
        with people.timed():
            site.use_image("second")
            site.deploy()
        assert site.sql(f"SELECT count(*) {NOTIZ}") == "1"
        site.begin_with("first")
        people.visitors.come_for(LOAD_SECONDS)
    forget_notiz(site)  # what rolls back to the first version later would be refused for it
    site.figures.rolls[at_a_time] = people.visitors.requests


@pytest.mark.rehearsal(6, "back to the former image, whose code survives the newer schema")
def test_rollback_to_a_compatible_image(site: Site) -> None:
    site.begin_with("first")
    site.use_image("second")
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
        assert way_back
        with people.timed():
            site.do(*way_back)
            site.roll_back("--schema-is-compatible")


def forget_notiz(site: Site) -> None:
    """Have the schema as it was before the next version, so that its migration is one again."""
    site.sql("ALTER TABLE ausschreibungen_ausschreibung DROP COLUMN IF EXISTS notiz")
    site.sql(f"DELETE {NOTIZ}")


@contextlib.contextmanager
def early_pod(site: Site) -> Iterator[str]:
    """A web pod as it is rendered now, which no Service selects; its name."""
    metadata = {"name": "early", "namespace": site.app, "labels": {"app": "early"}}
    web = fleet.load(site.operator.folder).app(site.app).web
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata}
    pod["spec"] = web.manifest.content["spec"]["template"]["spec"]
    site.kubectl("apply", "--filename=-", stdin=json.dumps(pod))
    try:
        yield "pod/early"
    finally:
        site.kubectl("delete", f"--namespace={site.app}", "pod/early", "--wait=false")


def log_of(site: Site, pod: str) -> str:
    """What the pod says while it waits; empty until it does."""
    try:
        return site.kubectl("logs", f"--namespace={site.app}", pod, "--container", WAITS)
    except CommandError:
        return ""
