"""Several histories at once: each an app of its own, all in one repository, one commit a state."""

from __future__ import annotations

import copy
import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import yaml

from box.poll import until
from ops.plan.simulation import sync
from ops.plan.synced_application import SyncedApplication
from tests.e2e.actors import Actor, CertManager, CloudNativePG, Traefik, acting
from tests.e2e.argocd import LOOK_AGAIN_SECONDS, NAMESPACE, Application
from tests.e2e.audit import AuditLog, Key, Write, resource_of
from tests.e2e.histories import CLUSTER_WIDE, HELD, SLOW_SECONDS, manifest, project
from tests.e2e.order import Sync
from tests.e2e.rehearsal import root_application
from tests.e2e.tool import Tool

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ops.objects.base import Document
    from tests.e2e.cluster import Cluster
    from tests.e2e.histories import History
    from tests.e2e.rehearsal import Rehearsal

ROOT = "histories"
HELD_KINDS = ("ConfigMap", "Service")
STATE_TIMEOUT_SECONDS = 240.0


class Matured:
    """A cluster in which nobody sees what is young, so that operators take their time."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.patch_status = cluster.patch_status

    def all(self, kind: str) -> list[Document]:
        """What is there for a while."""
        return [d for d in self.cluster.all(kind) if age(d, "creationTimestamp") > SLOW_SECONDS]


class LetsGo:
    """Takes the finalizer away from what was deleted a while ago."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def act(self) -> None:
        """Release what was held for long enough."""
        for kind in HELD_KINDS:
            for document in self.cluster.all(kind):
                is_held = HELD in document["metadata"].get("finalizers", [])
                if is_held and age(document, "deletionTimestamp") > SLOW_SECONDS:
                    self.cluster.patch(document, {"metadata": {"finalizers": None}})


class Confirms:
    """Confirms whatever Argo CD asks a person for, after a while."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.first: dict[str, datetime] = {}
        """When each app was first confirmed."""

    def act(self) -> None:
        """Confirm what was asked long enough ago."""
        for app in self.cluster.all("Application"):
            operation = app.get("status", {}).get("operationState", {})
            asks = "pruning confirmation" in operation.get("message", "")
            is_asked = asks and operation["phase"] == "Running"
            if (is_asked and since(operation["startedAt"]) > SLOW_SECONDS) or (
                age(app, "deletionTimestamp") > SLOW_SECONDS
            ):
                now = datetime.now(UTC)
                self.first.setdefault(app["metadata"]["name"], now)
                notes = {"argocd.argoproj.io/deletion-approved": now.isoformat(timespec="seconds")}
                self.cluster.patch(app, {"metadata": {"annotations": notes}})


def age(document: Document, moment: str) -> float:
    """Seconds since something happened to a document; 0 if it has not."""
    at = document["metadata"].get(moment)
    return since(at) if at else 0.0


def since(timestamp: str) -> float:
    """Seconds since a moment."""
    return (datetime.now(UTC) - datetime.fromisoformat(timestamp)).total_seconds()


@dataclass
class SideBySide:
    """The histories, their repository, and what was written so far."""

    rehearsal: Rehearsal
    histories: Sequence[History]
    writes: list[Write] = field(default_factory=list)
    finished: dict[str, str] = field(default_factory=dict)
    """When the last sync of each app ended."""
    syncs: int = 0
    looked: float = 0.0

    def __post_init__(self) -> None:
        self.cluster = self.rehearsal.cluster
        self.repository = self.rehearsal.repository
        self.log = AuditLog(self.rehearsal.box.folder.audit)
        self.person = Confirms(self.cluster)
        source = root_application()["spec"]["source"]
        self.source = {key: source[key] for key in ("repoURL", "targetRevision")}
        self.commit = self.repository.git("hash-object", "-t", "tree", "/dev/null").strip()
        self.before = self.commit

    @property
    def actors(self) -> list[Actor]:
        """Operators who take their time, and a person."""
        matured: Any = Matured(self.cluster)
        return [
            CloudNativePG(matured),
            CertManager(matured),
            Traefik(matured),
            LetsGo(self.cluster),
            self.person,
        ]

    def begin(self) -> None:
        """An empty repository, the namespaces that are there before, and nothing else."""
        for name in ("dist", "argocd"):
            for file in (self.repository.folder / name).glob("*"):
                file.unlink()
        for history in self.histories:
            if history.namespace_is_there:
                self.cluster.create(
                    {
                        "apiVersion": "v1",
                        "kind": "Namespace",
                        "metadata": {"name": history.namespace},
                    }
                )
            self.write(f"argocd/{history.name}.yaml", [history.application(self.source)])
        self.write("argocd/root.yaml", [project(self.source), self.root])
        self.log.skip()

    def end(self) -> None:
        """Leave nothing, not what is in no namespace either."""
        with acting(LetsGo(self.cluster)):
            self.cluster.clear()
        documents = [d for h in self.histories for state in h.states for d in state or []]
        for kind in sorted(CLUSTER_WIDE - {"Namespace"}):
            names = {d["metadata"]["name"] for d in documents if d["kind"] == kind}
            if names:
                self.cluster.kubectl("delete", kind, *names, "--ignore-not-found", "--wait=false")

    @property
    def root(self) -> Document:
        """The Application that brings the others."""
        root = copy.deepcopy(self.histories[0].application(self.source))
        root["metadata"] = {"name": ROOT, "namespace": NAMESPACE}
        root["spec"]["source"] = {**self.source, "path": "argocd"}
        root["spec"]["destination"]["namespace"] = NAMESPACE
        return root

    def write(self, file: str, documents: list[Document]) -> None:
        """Put documents into the repository."""
        path = self.repository.folder / file
        path.write_text(yaml.safe_dump_all(documents, sort_keys=False))

    def play(self, number: int) -> list[str]:
        """Commit one state of every history, and say in what a sync was not as foretold."""
        played = [history for history in self.histories if number < len(history.states)]
        for history in played:
            self._render(history, number)
        self.person.first.clear()
        begun = datetime.now(UTC)
        self.before, self.commit = self.commit, self.repository.push(f"state {number}")
        plans = self.plans()
        if number == 0:
            self.cluster.apply_files(self.repository.folder / "argocd/root.yaml")
        left = {history.name: history for history in played}
        with acting(*self.actors):
            try:
                until(
                    lambda: self._is_done(left, plans, number),
                    f"state {number} of all histories",
                    STATE_TIMEOUT_SECONDS,
                )
            except Exception as error:
                error.add_note("\n".join(map(self._told, left)))
                raise
        self.writes += self.log.read()
        return [
            f"{history.name}, state {number}: {problem}"
            for history in played
            if number - 1 not in history.fails  # what a failure leaves is in no document
            for problem in self._problems(history, number, plans, begun)
        ]

    def _problems(
        self,
        history: History,
        number: int,
        plans: Mapping[str, list[Document]],
        begun: datetime,
    ) -> list[str]:
        played = self._sync(history, number, plans, begun)
        problems = played.check()
        if history.unheld and number == 0:
            key = ("apps", "deployments", history.namespace, history.unheld)
            healthy = played.ended("wait", key, datetime.now(UTC))
            # The end is known to the second.
            end = datetime.fromisoformat(self.finished[history.name]) + timedelta(seconds=1)
            if healthy and healthy < end:
                problems.append(f"{history.unheld} was waited for, until {healthy}")
        return problems

    def plans(self) -> dict[str, list[Document]]:
        """What the operator's tool says of each app, from the commit before to this one."""
        tool = Tool(self.rehearsal.box.kubeconfig, self.repository.folder)
        answer = tool("plan", self.before, self.commit, "--json")
        assert answer.stderr == "", answer.stderr
        return {app["name"]: app["steps"] for app in json.loads(answer.stdout)["apps"]}

    def _render(self, history: History, number: int) -> None:
        documents = history.states[number]
        if documents is not None:
            self.write(f"dist/{history.name}.yaml", documents)
            return
        for name in ("argocd", "dist"):
            (self.repository.folder / f"{name}/{history.name}.yaml").unlink()

    def _told(self, name: str) -> str:
        app = Application(self.cluster, name)
        return f"{name}: {app.message} {app.conditions} {app.status.get('sync', {}).get('status')}"

    def _is_done(
        self, left: dict[str, History], plans: Mapping[str, list[Document]], number: int
    ) -> bool:
        """Whether every history has come to its end; those that have are left out."""
        if time.monotonic() - self.looked > LOOK_AGAIN_SECONDS:
            self.looked = time.monotonic()
            self._look([ROOT, *left])
        for name, history in list(left.items()):
            found = self.cluster.get("Application", name, NAMESPACE)
            if history.states[number] is None:
                is_done = found is None
            else:
                is_done = ended(found or {}, self.commit, syncs=bool(plans.get(name)))
            if is_done:
                del left[name]
                operation = (found or {}).get("status", {}).get("operationState", {})
                self.finished[name] = operation.get("finishedAt", "")
        return not left

    def _look(self, names: Sequence[str]) -> None:
        """Have those apps look at the repository that have not seen the commit.

        Each look costs a dry run of every object.
        """
        for name in names:
            app = Application(self.cluster, name)
            if app.status.get("sync", {}).get("revision") != self.commit:
                app.refresh()

    def _sync(
        self,
        history: History,
        number: int,
        plans: Mapping[str, list[Document]],
        begun: datetime,
    ) -> Sync:
        """What was foretold for an app, and what became of it."""
        steps = plans.get(history.name, [])
        if number in history.fails:
            steps = self._failing(history, number)
        self.syncs += bool(steps)
        known = {
            key_of(document, history.namespace): manifest(document)
            for state in history.states
            for document in state or []
        }
        of_client = "ServerSideApply=true" not in history.options
        return Sync(
            steps,
            [
                write
                for write in self.writes
                if write.at >= begun and (write.key in known or write.key[2] == history.namespace)
            ],
            history.namespace,
            hooks={key for key, found in known.items() if found.is_hook},
            recreated={
                key
                for key, found in known.items()
                if "Force=true" in found.sync_options or (of_client and key[1] == "rolebindings")
            },
            silent=same(history, number) if of_client and number else set(),
            confirmed=self.person.first.get(history.name),
        )

    def _failing(self, history: History, number: int) -> list[Document]:
        """The steps of a sync of which one hook fails; no plan foretells that."""
        live, target = (
            [manifest(d) for d in history.states[n] or []] for n in (number - 1, number)
        )
        application = SyncedApplication(manifest(history.application(self.source)))
        fails = [("batch", "Job", "", history.fails[number])]
        found = sync(application, target, live, fails=fails)
        return [{**vars(step), "action": str(step.action)} for step in found]


def key_of(document: Document, default: str) -> Key:
    """A document's object, as the API server knows it."""
    kind, metadata = document["kind"], document["metadata"]
    where = "" if kind in CLUSTER_WIDE else metadata.get("namespace", default)
    group = document["apiVersion"].rpartition("/")[0] if "/" in document["apiVersion"] else ""
    return group, resource_of(kind), where, metadata["name"]


def same(history: History, number: int) -> set[Key]:
    """The objects of which nothing changes in a state."""
    before, after = history.states[number - 1] or [], history.states[number] or []
    return {key_of(document, history.namespace) for document in after if document in before}


def ended(application: Document, commit: str, *, syncs: bool) -> bool:
    """Whether an app's sync to a commit has come to its end, or is seen to be none."""
    status = application.get("status", {})
    if not syncs:
        return bool(status.get("sync", {}).get("revision") == commit)
    operation = status.get("operationState", {})
    return bool(
        operation.get("syncResult", {}).get("revision") == commit
        and operation.get("phase") in ("Succeeded", "Failed", "Error")
    )
