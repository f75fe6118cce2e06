"""What goes wrong on a real node: what people see of it, and that the runbook mends it."""

from __future__ import annotations

import datetime
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from box.poll import until
from tests.rehearse.site import settle

if TYPE_CHECKING:
    from tests.rehearse.site import Site

AWAY_SECONDS = 60
BACK_WITHIN_SECONDS = 120
RENEWED_WITHIN_SECONDS = 120
WRONG_URL = "postgres://vergabe:wrong@apps-pg-rw.databases:5432/vergabe_db"
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
    site.use_image("migration-fails")
    with site.visitors() as visitors, site.writer() as writer:
        start = time.monotonic()
        told = site.failing_deploy()
        assert "ausschreibungen_fehlt" in told.stdout + told.stderr
        site.do("ops rollback --schema-is-compatible", "git push")
        site.deploy()
        seconds = time.monotonic() - start
        settle()
    assert visitors.failed == []
    assert writer.problems == []
    site.figures.note(
        4,
        "a migration that fails, and the way back",
        seconds=seconds,
        seen="nothing",
        visitors=visitors,
        writer=writer,
    )
    assert site.figures.lines[-1].lost == 0


@pytest.mark.rehearsal(4, "an image that does not start: the old pods serve, ops shows its log")
def test_image_that_does_not_start_is_seen_by_nobody(site: Site) -> None:
    site.use_image("start-fails")
    with site.visitors() as visitors, site.writer() as writer:
        start = time.monotonic()
        told = site.failing_deploy()
        assert "Traceback" in told.stdout + told.stderr
        site.roll_back()
        seconds = time.monotonic() - start
        settle()
    assert visitors.failed == []
    assert writer.problems == []
    site.figures.note(
        4,
        "an image that does not start, and the way back",
        seconds=seconds,
        seen="nothing",
        visitors=visitors,
        writer=writer,
    )
    assert site.figures.lines[-1].lost == 0


@pytest.mark.rehearsal(4, "a wrong DATABASE_URL: the old pods serve, and the file before mends it")
def test_wrong_secret_is_seen_by_nobody(site: Site) -> None:
    with site.visitors() as visitors, site.writer() as writer:
        start = time.monotonic()
        changed = site.operator.ops(
            "secrets", "rotate", "DATABASE_URL", "--stdin", stdin=f"DATABASE_URL={WRONG_URL}\n"
        )
        assert changed.returncode == 0, changed.stderr
        commit_secrets(site, "A wrong DATABASE_URL")
        site.do("ops secrets apply", "git push")
        told = site.failing_deploy()
        assert "password authentication failed" in told.stdout + told.stderr
        site.do("git revert --no-edit HEAD", "ops secrets apply", "git push")
        site.deploy()
        seconds = time.monotonic() - start
        settle()
    assert visitors.failed == []
    site.figures.note(
        4,
        "a wrong DATABASE_URL, and the file of before",
        seconds=seconds,
        seen="nothing",
        visitors=visitors,
        writer=writer,
    )
    assert site.figures.lines[-1].lost == 0


@pytest.mark.rehearsal(4, "the database away for a minute: errors meanwhile, and nothing is lost")
def test_database_away(site: Site) -> None:
    restarts = site.restarts()
    with site.visitors() as visitors, site.writer() as writer:
        settle()
        hibernate(site, "on")
        time.sleep(AWAY_SECONDS)
        hibernate(site, "off")
        back = time.monotonic()
        until(
            lambda: not visitors.requests[-1].failed and visitors.requests[-1].at > AWAY_SECONDS,
            "the site answers again",
            BACK_WITHIN_SECONDS,
        )
        seconds = time.monotonic() - back
        settle()
        settle()
    assert visitors.failed
    assert site.restarts() == restarts
    site.figures.note(
        4,
        f"the database away for {AWAY_SECONDS} s; time from its return",
        seconds=seconds,
        seen="errors while it is away, the site by itself afterwards",
        visitors=visitors,
        writer=writer,
    )
    assert site.figures.lines[-1].lost == 0


@pytest.mark.rehearsal(4, "the web pod killed: another one serves, and nothing is lost")
def test_web_pod_killed(site: Site) -> None:
    (pod,) = site.web_pods()
    with site.visitors() as visitors, site.writer() as writer:
        settle()
        start = time.monotonic()
        where = ("--namespace", site.app, pod["metadata"]["name"])
        site.kubectl("delete", "pod", *where, "--force", "--grace-period=0")
        site.wait_until_healthy()
        until(lambda: not visitors.requests[-1].failed, "the site answers", BACK_WITHIN_SECONDS)
        seconds = time.monotonic() - start
        settle()
    site.figures.note(
        4,
        "the web pod killed",
        seconds=seconds,
        seen="errors until another one is ready",
        visitors=visitors,
        writer=writer,
    )
    assert site.figures.lines[-1].lost == 0


@pytest.mark.rehearsal(4, "the node's services restarted: nobody sees it")
def test_services_of_the_node_restarted(site: Site) -> None:
    pods = [pod["metadata"]["uid"] for pod in site.web_pods()]
    with site.visitors() as visitors, site.writer() as writer:
        settle()
        start = time.monotonic()
        site.box.restart()
        site.wait_until_healthy()
        seconds = time.monotonic() - start
        settle()
    assert visitors.failed == []
    assert [pod["metadata"]["uid"] for pod in site.web_pods()] == pods
    site.figures.note(
        4,
        "containerd, kubelet and kube-proxy killed and restarted",
        seconds=seconds,
        seen="nothing",
        visitors=visitors,
        writer=writer,
    )
    assert site.figures.lines[-1].lost == 0


@pytest.mark.rehearsal(4, "the certificate renewed: nobody sees it")
def test_certificate_renewed(site: Site) -> None:
    before = certificate(site)
    with site.visitors() as visitors, site.writer() as writer:
        settle()
        start = time.monotonic()
        renew(site)
        until(
            lambda: certificate(site)["status"].get("revision", 0) > before["status"]["revision"],
            "the certificate is renewed",
            RENEWED_WITHIN_SECONDS,
        )
        seconds = time.monotonic() - start
        settle()
    assert visitors.failed == []
    assert certificate(site)["status"]["notBefore"] > before["status"]["notBefore"]
    site.figures.note(
        4,
        "the certificate renewed",
        seconds=seconds,
        seen="nothing",
        visitors=visitors,
        writer=writer,
    )
    assert site.figures.lines[-1].lost == 0


@pytest.mark.rehearsal(
    4, "the media volume full: the site goes on, and the runbook's look finds it"
)
def test_volume_full(site: Site) -> None:
    inside = f"kubectl --namespace {site.app} exec deployment/{site.app} --"
    with site.visitors() as visitors, site.writer() as writer:
        start = time.monotonic()
        said = site.kubectl(
            "exec", f"--namespace={site.app}", f"deployment/{site.app}", "--", "python", "-c", FILL
        )
        assert "No space left on device" in said
        assert "100%" in site.do(f"{inside} df /app/media")
        settle()
        site.do(f"{inside} rm /app/media/fill")
        seconds = time.monotonic() - start
    assert visitors.failed == []
    site.figures.note(
        4,
        "the media volume full",
        seconds=seconds,
        seen="nothing: what is written to the database is saved, an upload is not",
        visitors=visitors,
        writer=writer,
    )
    assert site.figures.lines[-1].lost == 0


def commit_secrets(site: Site, message: str) -> None:
    """Commit a changed secrets file with what is rendered of it; not pushed yet."""
    site.do("make synth", "git add secrets dist", f"git commit --quiet --message '{message}'")


def hibernate(site: Site, state: str) -> None:
    """Have CloudNativePG take the database away, or bring it back."""
    annotation = f"cnpg.io/hibernation={state}"
    where = ("--namespace=databases", "cluster.postgresql.cnpg.io/apps-pg")
    site.kubectl("annotate", "--overwrite", *where, annotation)


def certificate(site: Site) -> dict[str, Any]:
    """The live Certificate of the app."""
    return site.get("certificate", f"{site.app}-tls")


def renew(site: Site) -> None:
    """Have cert-manager issue the certificate anew, as it does by itself near its end."""
    conditions = certificate(site)["status"]["conditions"]
    issuing = {
        "type": "Issuing",
        "status": "True",
        "reason": "ManuallyTriggered",
        "message": "rehearsed",
        "lastTransitionTime": f"{datetime.datetime.now(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}",
    }
    patch = json.dumps({"status": {"conditions": [*conditions, issuing]}})
    where = (f"--namespace={site.app}", "certificate", f"{site.app}-tls")
    site.kubectl("patch", *where, "--subresource=status", "--type=merge", f"--patch={patch}")
