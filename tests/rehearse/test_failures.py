"""What goes wrong on a real node: what people see of it, and that the runbook fixes it."""

from __future__ import annotations

import datetime
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from box.poll import until
from ops.smoke import tls
from tests.rehearse.inside import ran
from tests.rehearse.visitors import OK, PATIENCE_SECONDS
from tests.runbook import commands

if TYPE_CHECKING:
    from tests.rehearse.site import People, Site

SERVER_ERROR = 500
AWAY_SECONDS = 60
BACK_WITHIN_SECONDS = 120
NOTICED_WITHIN_SECONDS = 10
"""After a kubelet has started, its pods are found unready one after the other."""
RENEWED_WITHIN_SECONDS = 120
NO_HOST = "apps-pg-away"
SUMS = """
import hashlib, pathlib
for file in pathlib.Path("/app/media").rglob("*"):
    if file.is_file():
        print(file, hashlib.sha256(file.read_bytes()).hexdigest())
"""
FILL = """
import os
try:
    with open("/app/media/fill", "wb") as file:
        while True:
            file.write(bytes(1 << 20))
except OSError as error:
    print(os.strerror(error.errno))
"""


@pytest.mark.rehearsal(4, "a migration that fails: the old pods serve, ops says why")
def test_failed_migration_is_seen_by_nobody(site: Site) -> None:
    title = "a migration that fails, and the way back"
    with site.unseen(4, title) as people, people.timed():
        site.use_image("migration-fails")
        told = site.failing_deploy()
        assert "ausschreibungen_fehlt" in told.stdout + told.stderr
        site.roll_back("--schema-is-compatible")


@pytest.mark.rehearsal(4, "an image that does not start: the old pods serve, ops shows its log")
def test_image_that_does_not_start_is_seen_by_nobody(site: Site) -> None:
    title = "an image that does not start, and the way back"
    with site.unseen(4, title) as people, people.timed():
        site.use_image("start-fails")
        told = site.failing_deploy()
        assert "Traceback" in told.stdout + told.stderr
        receipts = site.get("configmap", f"{site.app}-deploys")["data"].values()
        assert not [text for text in receipts if "Traceback" in text]
        site.roll_back()


@pytest.mark.rehearsal(4, "a wrong DATABASE_URL: the old pods serve, and the file before fixes it")
def test_wrong_secret_is_seen_by_nobody(site: Site) -> None:
    title = "a wrong DATABASE_URL, and the file of before"
    with site.unseen(4, title) as people, people.timed():
        site.do(f"EDITOR='sed -i s/apps-pg-rw/{NO_HOST}/' ops secrets edit")
        site.commit_secrets("A wrong DATABASE_URL")
        site.do("ops secrets apply", "git push")
        told = site.failing_deploy()
        assert NO_HOST in told.stdout + told.stderr
        site.do(*commands("Take a secret back"))


@pytest.mark.rehearsal(4, "the database away for a minute: errors meanwhile, and nothing is lost")
def test_database_away(site: Site) -> None:
    restarts = site.restarts()
    title = f"the database away for {AWAY_SECONDS} s; time from its return"
    seen = "errors while it is away, the site by itself afterwards"
    with site.in_use(4, title, seen=seen) as people:
        site.take_database_away()
        back_at = time.monotonic() + AWAY_SECONDS
        told = site.operator.ops("preflight")
        assert told.returncode == 1
        assert "0 of 1 instances ready" in told.stdout
        time.sleep(back_at - time.monotonic())
        with people.timed():
            site.bring_database_back()
            people.visitors.until_answered(BACK_WITHIN_SECONDS)
    assert people.visitors.failed
    assert site.restarts() == restarts


@pytest.mark.rehearsal(4, "the web pod killed: another one serves, and nothing is lost")
def test_web_pod_killed(site: Site) -> None:
    (pod,) = site.web_pods()
    seen = "errors until another one is ready"
    with site.in_use(4, "the web pod killed", seen=seen) as people, people.timed():
        where = ("--namespace", site.app, pod["metadata"]["name"])
        site.kubectl("delete", "pod", *where, "--force", "--grace-period=0")
        until(lambda: bool(people.visitors.failed), "it is noticed", BACK_WITHIN_SECONDS)
        people.visitors.until_answered(BACK_WITHIN_SECONDS)


@pytest.mark.rehearsal(4, "the node's services restarted: the pods run on, and serve once probed")
def test_services_of_the_node_restarted(site: Site) -> None:
    pods, restarts = [pod["metadata"]["uid"] for pod in site.web_pods()], site.restarts()
    title = "containerd, kubelet and kube-proxy killed and restarted"
    # To a kubelet that starts no pod is ready before it has probed it, and Traefik believes it.
    seen = "errors until the kubelet has probed the running pods"
    with site.in_use(4, title, seen=seen) as people:
        with people.timed():
            site.box.restart()
            people.visitors.until_calm(NOTICED_WITHIN_SECONDS, BACK_WITHIN_SECONDS)
        people.seconds -= NOTICED_WITHIN_SECONDS  # the calm itself
        site.do("kubectl get nodes", *commands("Look first"))
    assert [pod["metadata"]["uid"] for pod in site.web_pods()] == pods
    assert site.restarts() == restarts


@pytest.mark.rehearsal(4, "the certificate near its end: renewed past the redirect, seen by nobody")
def test_certificate_renewed(site: Site) -> None:
    with site.unseen(4, "the certificate near its end, and renewed") as people, people.timed():
        # One renewal in a hundred needs none, whatever pebble is told; see box/platform/acme.py.
        assert renewed_by_challenge(site) or renewed_by_challenge(site), "there was no challenge"


@pytest.mark.rehearsal(
    4, "the media volume full: the site goes on, and the runbook's look finds it"
)
def test_volume_full(site: Site) -> None:
    inside = f"kubectl --namespace {site.app} exec deployment/{site.app} --"
    seen = "an error for whoever uploads something, and nothing else"
    with site.in_use(4, "the media volume full", seen=seen) as people, people.timed():
        assert upload(people) == OK
        stored = ran(site, SUMS)
        assert stored.splitlines()
        assert "No space left on device" in ran(site, FILL)
        assert "100%" in site.do(f"{inside} df /app/media")
        assert upload(people) == SERVER_ERROR
        site.do(f"{inside} rm /app/media/fill")
        assert upload(people) == OK
        assert set(stored.splitlines()) <= set(ran(site, SUMS).splitlines())
    assert people.visitors.failed == []
    assert people.writer.problems == []


def upload(people: People) -> int:
    """What a person is answered who stores a document."""
    return people.writer.send("/unterlagen/neu/", name="angebot", text="Angebot\n" * 10_000)


def renewed_by_challenge(site: Site) -> bool:
    """Have the certificate renewed, and say whether the new one needed a challenge of its own."""
    status, shown = site.certificate()["status"], shown_until(site)
    try:
        renew_before(site, f"{seconds_left(status) + 1}s")
        until(
            lambda: site.certificate()["status"].get("revision", 0) > status["revision"],
            "the certificate is renewed",
            RENEWED_WITHIN_SECONDS,
        )
        until(lambda: shown_until(site) > shown, "Traefik shows it", RENEWED_WITHIN_SECONDS)
    finally:
        renew_before(site, None)
    (order,) = site.all("orders")
    (authorization,) = order["status"]["authorizations"]
    return bool(authorization["initialState"] == "pending")


def shown_until(site: Site) -> datetime.datetime:
    """The end of the certificate that a new visitor is shown."""
    shown = tls.certificate(site.place, site.authority, PATIENCE_SECONDS, for_host=True)
    return shown.until


def seconds_left(status: dict[str, Any]) -> int:
    """How long a certificate is still valid."""
    end = datetime.datetime.fromisoformat(status["notAfter"])
    return int((end - datetime.datetime.now(datetime.UTC)).total_seconds())


def renew_before(site: Site, left: str | None) -> None:
    """Have cert-manager renew a certificate of which no more is left than this; None: its default.

    Not in git, so Argo CD leaves it alone.
    """
    patch = json.dumps({"spec": {"renewBefore": left}})
    where = (f"--namespace={site.app}", "certificate", f"{site.app}-tls")
    site.kubectl("patch", *where, "--type=merge", f"--patch={patch}")
