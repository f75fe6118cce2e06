"""Rehearsals 82 and 83: objects that move from one Application to another, as the pages say."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
import yaml

from box.poll import until
from tests.e2e.actors import acting
from tests.e2e.argocd import Application
from tests.e2e.operator import Operator
from tests.e2e.rehearsal import APP, Rehearsal, repository_address
from tests.e2e.repository import ROOT
from tests.runbook import procedures

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ops.objects.base import Document

NEW = "tender"
DATABASE = "vergabe-db"
TRACKING = "argocd.argoproj.io/tracking-id"
REFUSED = "Shared resource found"
WITHIN_SECONDS = 90.0
LONGEST_OUTAGE_SECONDS = 300.0
OUTSIDE = ("dns", "port.http", "port.https", "registry", "image")
SKIP = " ".join(f"--skip {check}" for check in OUTSIDE)
RENAME = (ROOT / "docs/how-to/rename-an-app.md").read_text()
PREPARE = (ROOT / "docs/how-to/prepare-the-cluster.md").read_text()
TRAILERS = f"""Rename the app

Acknowledge-Deletion: Application argocd/{APP}
Acknowledge-Data-Risk: Database databases/{DATABASE}
Acknowledge-Data-Risk: PersistentVolumeClaim {NEW}/{NEW}-media"""


def database(rehearsal: Rehearsal) -> Document:
    found = rehearsal.cluster.get("Database", DATABASE, "databases")
    assert found is not None
    return found


def owner(document: Document) -> str:
    annotations = document["metadata"].get("annotations", {})
    return str(annotations.get(TRACKING, "")).partition(":")[0]


def claimed(rehearsal: Rehearsal, name: str) -> str:
    """The volume that an app's media claim is bound to; empty if there is no such claim."""
    claim = rehearsal.cluster.get("PersistentVolumeClaim", f"{name}-media", name)
    return str(claim["spec"].get("volumeName", "")) if claim else ""


def give(operator: Operator, *lines: str) -> str:
    """Give lines to one shell, each of which must succeed."""
    answer = operator.shell("\n".join(("set -eo pipefail", *lines)))
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


@pytest.fixture
def operator(rehearsal: Rehearsal, tmp_path: Path) -> Operator:
    (tmp_path / "operator").mkdir()
    found = Operator.of(rehearsal.box, tmp_path / "operator")
    found.make_secrets()
    return found


@pytest.mark.rehearsal(82, "an app gets another name: database, volume and Secrets go along")
def test_renamed_app_keeps_its_data(
    rehearsal: Rehearsal, operator: Operator, record_property: Callable[[str, object], None]
) -> None:
    (given,) = procedures(RENAME.partition("## 1.")[0].replace("# Rename", "## Rename")).values()
    steps = list(procedures(RENAME).values())
    switch = [line.replace("ops deploy", f"ops deploy {SKIP}") for line in steps[-2]]
    waiting = next(n for n, line in enumerate(switch) if "wait" in line) + 1
    with acting(*rehearsal.actors):
        give(operator, "ops secrets apply", f"ops deploy {SKIP}")
        former, volume = database(rehearsal), claimed(rehearsal, APP)
        secret = rehearsal.cluster.get("Secret", f"{APP}-env", APP)

        rename_declaration(operator)
        move_secrets(operator, given, steps[0])
        kept = give(operator, *given, *steps[1])
        assert kept.split()[-1] == "Retain"

        begun = time.monotonic()
        give(operator, *given, *switch[:waiting])
        renamed = Application(rehearsal.cluster, NEW)
        until(lambda: REFUSED in renamed.message, "the database is the former's", WITHIN_SECONDS)
        assert claimed(rehearsal, NEW) == ""
        variables = next(line for line in steps[1] if line.startswith("CLAIMS="))
        give(operator, *given, variables, *switch[waiting:])
        outage = time.monotonic() - begun

    assert database(rehearsal)["metadata"]["uid"] == former["metadata"]["uid"]
    assert owner(database(rehearsal)) == NEW
    assert claimed(rehearsal, NEW) == volume
    moved = rehearsal.cluster.get("Secret", f"{NEW}-env", NEW)
    assert moved
    assert secret
    assert moved["data"] == secret["data"]
    assert renamed.status["sync"]["status"] == "Synced"
    assert rehearsal.cluster.get("Application", APP, "argocd") is None
    record_property("note", f"{outage:.0f} s from push to healthy")
    assert outage < LONGEST_OUTAGE_SECONDS


def rename_declaration(operator: Operator) -> None:
    """Step 1."""
    file = operator.folder / "apps/vergabe_teilnahme.py"
    file.write_text(file.read_text().replace(f'name="{APP}"', f'name="{NEW}"'))


def move_secrets(operator: Operator, given: list[str], lines: list[str]) -> None:
    """Step 2: the plan asks for the trailers, and the commit has them."""
    planned = next(n for n, line in enumerate(lines) if line.startswith("ops plan"))
    give(operator, *given, *lines[:planned])
    said = operator.shell(lines[planned]).stdout
    for trailer in TRAILERS.splitlines()[2:]:
        assert trailer in said
    operator.git("add", "--all", "apps", "secrets", "dist", "argocd")
    operator.git("commit", "--quiet", f"--message={TRAILERS}")
    assert operator.shell("ops plan HEAD~1 HEAD").returncode == 0
    give(operator, *given, *lines[planned + 1 :])


PLATFORMS: Document = {
    "apiVersion": "argoproj.io/v1alpha1",
    "kind": "Application",
    "metadata": {"name": "platform-databases", "namespace": "argocd"},
    "spec": {
        "project": "default",
        "source": {"targetRevision": "main", "path": "databases"},
        "destination": {"server": "https://kubernetes.default.svc", "namespace": "databases"},
        "syncPolicy": {"automated": {"prune": True, "selfHeal": True}},
    },
}


@pytest.mark.rehearsal(83, "the platform's Database becomes the app's, with its data")
def test_database_of_the_platform_is_handed_over(rehearsal: Rehearsal) -> None:
    """The platform's repository is played by a folder of this one."""
    (release,) = (
        line for lines in procedures(PREPARE).values() for line in lines if "tracking-id-" in line
    )
    repository, cluster = rehearsal.repository, rehearsal.cluster
    platforms = Application(cluster, "platform-databases")
    with acting(*rehearsal.actors):
        commit = declare_there(rehearsal, kept=False)
        platforms.wait_for(commit)
        there = database(rehearsal)
        assert owner(there) == "platform-databases"
        platforms.wait_for(declare_there(rehearsal, kept=True))

        (repository.folder / "databases/database.yaml").write_text("")
        commit = repository.push("the platform no longer renders it")
        until(lambda: is_seen(platforms, commit), "the platform has let it go", WITHIN_SECONDS)
        assert database(rehearsal)["metadata"]["uid"] == there["metadata"]["uid"]

        rehearsal.begin()
        until(lambda: REFUSED in rehearsal.app.message, "it is the platform's", WITHIN_SECONDS)
        cluster.kubectl(*release.split()[1:])
        commit = repository.git("rev-parse", "HEAD").strip()
        rehearsal.app.wait_for(commit)
    assert database(rehearsal)["metadata"]["uid"] == there["metadata"]["uid"]
    assert owner(database(rehearsal)) == APP


def is_seen(application: Application, commit: str) -> bool:
    application.refresh()
    return bool(application.status.get("sync", {}).get("revision") == commit)


def declare_there(rehearsal: Rehearsal, *, kept: bool) -> str:
    """The platform's repository has the Database, and its Application."""
    repository = rehearsal.repository
    rendered = rehearsal.one("Database")
    options = {"argocd.argoproj.io/sync-options": "Prune=false,Delete=false"} if kept else {}
    metadata = {"name": DATABASE, "namespace": "databases", "annotations": options}
    document = {**rendered, "metadata": metadata}
    (repository.folder / "databases").mkdir(exist_ok=True)
    (repository.folder / "databases/database.yaml").write_text(yaml.safe_dump(document))
    commit = repository.push("the platform's database")
    source = {**PLATFORMS["spec"]["source"], "repoURL": repository_address()}
    rehearsal.cluster.create({**PLATFORMS, "spec": {**PLATFORMS["spec"], "source": source}})
    return commit
