"""What Argo CD wrote, in its order, against what a plan says that it does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.e2e.audit import Key, Write, resource_of
from tests.e2e.histories import CLUSTER_WIDE
from tests.e2e.status import has_condition, is_applied, is_complete, is_failed, is_ready

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from ops.objects.base import Document

CONTROLLER = "argocd-application-controller"
APPLIED, DELETED = "applied", "deleted"
VERBS = {"create": APPLIED, "update": APPLIED, "patch": APPLIED, "delete": DELETED}
ACTIONS = {
    "apply": APPLIED,
    "hook": APPLIED,
    "delete": DELETED,
    "prune": DELETED,
    "clean": DELETED,
}
"""The steps in which Argo CD writes; all others but `keep` are for waiting."""
Done = tuple[str, Key]


@dataclass
class Sync:
    """One sync of one app: the steps that were foretold, and everything that was written."""

    steps: Sequence[Document]
    """As the plan's JSON has them."""
    writes: Sequence[Write]
    namespace: str
    """Where objects lie whose documents name no namespace."""
    hooks: Collection[Key] = ()
    recreated: Collection[Key] = ()
    """Objects that are deleted and created where a change of them is refused."""
    silent: Collection[Key] = ()
    """Objects that are not written, because nothing of them changes."""
    confirmed: datetime | None = None
    """When a person confirmed that something may be deleted."""
    heals: bool = False
    """Whether Argo CD may apply again, when all is done, what it has not seen yet."""
    problems: list[str] = field(default_factory=list)

    def key(self, step: Document) -> Key:
        """The object of a step, as the API server knows it."""
        where = "" if step["kind"] in CLUSTER_WIDE else step["namespace"] or self.namespace
        return step["group"], resource_of(step["kind"]), where, step["name"]

    def check(self) -> list[str]:
        """Every way in which it was otherwise than foretold."""
        left = self.done
        barriers: list[Document] = []
        for batch in self.batches:
            wanted = {(ACTIONS[s["action"]], self.key(s)) for s in batch if s["action"] in ACTIONS}
            if not wanted:
                barriers += batch
                continue
            taken = self._take(left, wanted)
            left = left[len(taken) :]
            missing = wanted - {done for _, done in taken} - {(APPLIED, k) for k in self.silent}
            if missing:
                self.problems.append(f"not now, if at all: {sorted(missing)}, but: {left[:3]}")
                return self.problems
            if taken:
                self._were_held(barriers, taken[0][0])
                barriers = []
        healed = {
            (APPLIED, self.key(s)) for s in self.steps if self.heals and s["action"] == "apply"
        }
        if left := [done for done in left if done[1] not in healed]:
            self.problems.append(f"not foretold: {left}")
        return self.problems

    @property
    def batches(self) -> list[list[Document]]:
        """The steps, those together that go in no order."""
        found: dict[int, list[Document]] = {}
        for step in self.steps:
            found.setdefault(step["batch"], []).append(step)
        return list(found.values())

    @property
    def done(self) -> list[tuple[datetime, Done]]:
        """What Argo CD wrote. To delete what is deleted already does nothing more."""
        found: list[tuple[datetime, Done]] = []
        last: dict[Key, str] = {}
        for write in filter(self._counts, self.writes):
            what = VERBS[write.verb]
            if not what == last.get(write.key) == DELETED:
                found.append((write.at, (what, write.key)))
            last[write.key] = what
        return found

    def _counts(self, write: Write) -> bool:
        """Whether a sync wrote it: not a hook's finalizer, nor an Application's status."""
        if not write.agent.startswith(CONTROLLER) or write.subresource:
            return False
        if write.key[1] == "applications":
            return write.is_apply or write.verb == "delete"
        return write.verb != "update" or write.key not in self.hooks

    def _take(
        self, left: list[tuple[datetime, Done]], wanted: set[Done]
    ) -> list[tuple[datetime, Done]]:
        """What comes next, as long as it is of this batch."""
        taken = []
        for at, done in left:
            recreates = done[1] in self.recreated and (APPLIED, done[1]) in wanted
            if done not in wanted and not recreates:
                break
            taken.append((at, done))
        return taken

    def _were_held(self, barriers: list[Document], until: datetime) -> None:
        """Whether nothing was written before what is waited for was so."""
        for step in barriers:
            at = self.ended(step["action"], self.key(step), until)
            if at and at > until:
                late = (at - until).total_seconds()
                what = f"{step['action']} {self.key(step)}"
                self.problems.append(f"not waited for: {what}, which came {late:.1f} s later")

    def ended(self, action: str, key: Key, until: datetime) -> datetime | None:
        """When what is waited for was so; None if nothing was written of it, and it was before."""
        if action == "confirm":
            return self.confirmed or datetime.max.replace(tzinfo=UTC)
        own = [write for write in self.writes if write.key == key]
        if action == "gone":
            return max((write.at for write in own if write.verb != "create"), default=None)
        begun = [at for at, done in self.done if done == (APPLIED, key) and at < until]
        healthy = (w.at for w in own if begun and w.at > begun[-1] and is_healthy(w.body))
        return min(healthy, default=None)


def is_healthy(document: Document) -> bool:
    """Whether a status is one that ends Argo CD's waiting, for good or ill."""
    return document.get("kind") in HEALTH and HEALTH[document["kind"]](document)


def is_available(deployment: Document) -> bool:
    """Whether a rollout has ended."""
    status, wanted = deployment.get("status", {}), deployment["spec"].get("replicas", 1)
    is_current = status.get("observedGeneration") == deployment["metadata"]["generation"]
    counted = ("replicas", "updatedReplicas", "availableReplicas")
    return is_current and all(status.get(count) == wanted for count in counted)


def is_rolled_out(stateful_set: Document) -> bool:
    status, wanted = stateful_set["status"], stateful_set["spec"]["replicas"]
    is_current = status.get("observedGeneration") == stateful_set["metadata"]["generation"]
    is_new = status.get("currentRevision") == status.get("updateRevision")
    return bool(is_current and is_new and status.get("readyReplicas", 0) == wanted)


HEALTH: dict[str, Callable[[Document], bool]] = {
    "Job": lambda job: is_complete(job) or is_failed(job),
    "Deployment": is_available,
    "StatefulSet": is_rolled_out,
    "Database": is_applied,
    "Certificate": is_ready,
    "Ingress": lambda ingress: bool(ingress["status"].get("loadBalancer", {}).get("ingress")),
    "PersistentVolumeClaim": lambda claim: claim["status"].get("phase") == "Bound",
    "PodDisruptionBudget": lambda budget: has_condition(budget, "DisruptionAllowed"),
}
