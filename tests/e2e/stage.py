"""An app on the cluster, and what `ops plan` says of the commits that change it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from box.poll import until
from tests.e2e.actors import acting
from tests.e2e.audit import AuditLog, Write
from tests.e2e.dry_run import refusal
from tests.e2e.order import CONTROLLER, Sync
from tests.e2e.rehearsal import APP, DIST, Rehearsal
from tests.e2e.repository import read
from tests.e2e.tool import Tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.objects.base import Document

# Argo CD may miss a request to look while it ends another; by itself it looks once a minute.
SEEN_TIMEOUT_SECONDS = 120.0
# What would come by itself comes in a second or two.
HOLD_SECONDS = 4.0


@dataclass
class Stage:
    """The app on the cluster, and what the tool says of the last commit."""

    rehearsal: Rehearsal
    log: AuditLog = field(init=False)
    plan: Document = field(default_factory=dict)
    writes: list[Write] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.log = AuditLog(self.rehearsal.box.folder.audit)
        self.before = self.git("hash-object", "-t", "tree", "/dev/null")

    def git(self, *arguments: str) -> str:
        return self.rehearsal.repository.git(*arguments).strip()

    def foretell(self, commit: str) -> dict[str, str]:
        """The class of each of the app's objects that something happens to, by kind."""
        tool = Tool(self.rehearsal.box.kubeconfig, self.rehearsal.repository.folder)
        answer = tool("plan", self.before, commit, "--json")
        assert answer.stderr == "", answer.stderr
        self.plan = json.loads(answer.stdout)
        return {
            change["kind"]: change["effect"]
            for app in self.plan["apps"]
            if app["name"] == APP
            for change in app["changes"]
        }

    def change(self, message: str, *, applied: bool = True) -> dict[str, str]:
        """Commit what the repository holds, foretell it, and let Argo CD do it."""
        return self.follow(self.rehearsal.repository.push(message), applied=applied)

    def take_back(self, *, applied: bool = True) -> dict[str, str]:
        """Revert the last commit, and so on."""
        return self.follow(self.rehearsal.repository.revert(), applied=applied)

    def follow(self, commit: str, *, applied: bool) -> dict[str, str]:
        self.log.skip()
        effects = self.foretell(commit)
        self.before = commit
        with acting(*self.rehearsal.actors):
            if applied:
                self.rehearsal.app.wait_for(commit)
            else:
                until(lambda: self.is_seen(commit), "Argo CD sees the commit", SEEN_TIMEOUT_SECONDS)
                time.sleep(HOLD_SECONDS)
        self.writes = self.log.read()
        if applied:
            self.check_order(APP)
        return effects

    def is_seen(self, commit: str) -> bool:
        self.rehearsal.app.refresh()
        return bool(self.rehearsal.app.status.get("sync", {}).get("revision") == commit)

    def check_order(self, name: str) -> None:
        """Whether the order was the one foretold; of the root, that of what it lists."""
        steps = next(app["steps"] for app in self.plan["apps"] if app["name"] == name)
        foretold = Sync(steps, [], APP)
        keys = {foretold.key(step) for step in steps}
        own = [w for w in self.writes if w.key in keys or (w.key[2] == APP and name == APP)]
        hooks = {key for key in keys if key[1] == "jobs"}
        assert Sync(steps, own, APP, hooks, heals=True).check() == []

    def written(self) -> list[Write]:
        """What Argo CD wrote to the app's objects."""
        return [
            write
            for write in self.writes
            if write.agent.startswith(CONTROLLER) and write.key[2] in (APP, "databases")
        ]

    def uid(self, kind: str) -> str:
        return str(self.rehearsal.existing(kind)["metadata"]["uid"])

    def pods(self) -> set[str]:
        """The pods of the Deployment that are there."""
        return {
            pod["metadata"]["name"]
            for pod in self.rehearsal.cluster.all("Pod")
            if pod["metadata"]["namespace"] == APP
            and pod["metadata"]["ownerReferences"][0]["kind"] == "ReplicaSet"
            and "deletionTimestamp" not in pod["metadata"]
        }

    def edit(self, kind: str, how: Callable[[Document], object]) -> None:
        def change(documents: list[Document]) -> list[Document]:
            (found,) = (document for document in documents if document["kind"] == kind)
            how(found)
            return documents

        self.rehearsal.repository.edit(DIST, change)

    def refusal(self, kind: str) -> str:
        """What the API server says to the changed document."""
        folder = self.rehearsal.repository.folder
        (changed,) = (d for d in read(folder / DIST) if d["kind"] == kind)
        return refusal(self.rehearsal.cluster, changed)
