"""Rehearsal 79: an app with workers, schedules, Valkey and folders, by Argo CD."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.conftest import rendered
from tests.e2e.actors import acting
from tests.e2e.argocd import Application
from tests.e2e.audit import AuditLog
from tests.e2e.order import Sync
from tests.e2e.repository import read
from tests.e2e.test_admission import APPLY, assert_misspellings_are_refused
from tests.e2e.tool import Tool
from tests.made_up import WERKSTATT, WITH_VALKEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.objects.base import Document
    from railiance import DjangoApp
    from tests.e2e.rehearsal import Rehearsal

APP = WERKSTATT.name
DIST = f"dist/{APP}.k8s.yaml"
NEW_IMAGE = dataclasses.replace(WERKSTATT.image, tag="2026.2", digest="sha256:" + "c" * 64)
SCHEDULE = ("CronJob", f"{APP}-nightly", APP)


@dataclasses.dataclass
class Workshop:
    """The app on the cluster, the last commit, and what Argo CD writes."""

    rehearsal: Rehearsal
    before: str

    def __post_init__(self) -> None:
        self.log = AuditLog(self.rehearsal.box.folder.audit)
        self.application = Application(self.rehearsal.cluster, APP)

    def deploy(self, app: DjangoApp) -> int:
        """Has Argo CD sync what is declared, in the order foretold; the number of its steps."""
        rendered([app], self.rehearsal.repository.folder, platform=WITH_VALKEY)
        commit = self.rehearsal.repository.push("as declared")
        tool = Tool(self.rehearsal.box.kubeconfig, self.rehearsal.repository.folder)
        plan = json.loads(tool("plan", self.before, commit, "--json").stdout)
        self.before = commit
        self.log.skip()
        with acting(*self.rehearsal.actors):
            self.rehearsal.cluster.apply_files(
                self.rehearsal.repository.folder / "argocd/root.yaml"
            )
            self.application.wait_for(commit)
        (steps,) = (found["steps"] for found in plan["apps"] if found["name"] == APP)
        foretold = Sync(steps, [], APP)
        keys = {foretold.key(step) for step in steps}
        hooks = {key for key in keys if key[1] == "jobs"}
        writes = [w for w in self.log.read() if w.key in keys]
        assert Sync(steps, writes, APP, hooks, heals=True).check() == []
        return len(steps)


@pytest.mark.own_control_plane
@pytest.mark.rehearsal(79, "workers, schedules, Valkey: in the order foretold, a failed run or not")
def test_app_with_everything_is_synced_as_foretold(
    rehearsal: Rehearsal, record_property: Callable[[str, object], None]
) -> None:
    empty = rehearsal.repository.git("hash-object", "-t", "tree", "/dev/null").strip()
    workshop = Workshop(rehearsal, empty)
    steps = workshop.deploy(WERKSTATT)
    documents = read(rehearsal.repository.folder / DIST)
    admit(rehearsal, documents)

    fail_schedule(rehearsal)
    steps += workshop.deploy(dataclasses.replace(WERKSTATT, image=NEW_IMAGE))
    assert workshop.application.status["health"]["status"] == "Healthy"
    nightly = rehearsal.cluster.get(*SCHEDULE)
    assert nightly
    pod = nightly["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert NEW_IMAGE.digest in pod["containers"][0]["image"]
    record_property("note", f"{len(documents)} objects, {steps} steps")


def admit(rehearsal: Rehearsal, documents: list[Document]) -> None:
    """The API server takes every document strictly, and refuses each field of it misspelt."""
    dry_run = (*APPLY, "--force-conflicts", "--dry-run=server", "--filename=-")
    kinds = {document["kind"]: document for document in documents if document["kind"] != "Job"}
    rehearsal.cluster.kubectl(*dry_run, stdin=yaml.safe_dump_all(kinds.values()))
    for document in kinds.values():
        assert_misspellings_are_refused(rehearsal, document)


def fail_schedule(rehearsal: Rehearsal) -> None:
    """What Kubernetes reports of a schedule whose last run failed after one that succeeded.

    Argo CD calls it Degraded from then on, until a run succeeds.
    """
    nightly = rehearsal.cluster.get(*SCHEDULE)
    assert nightly
    last = datetime.now(UTC).replace(microsecond=0)
    times = {"lastScheduleTime": last, "lastSuccessfulTime": last - timedelta(days=1)}
    status = {name: time.isoformat().replace("+00:00", "Z") for name, time in times.items()}
    rehearsal.cluster.patch_status({**nightly, "kind": "CronJob"}, status)
