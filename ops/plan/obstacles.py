"""What will keep a sync from starting or from ending, found by playing it through."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ops.manifests import Manifest
from ops.plan.argocd import Application
from ops.plan.change import Comparison
from ops.plan.difference import difference
from ops.plan.sync import Action, Key, key, sync
from ops.workload import containers

POD_MAKERS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "Pod")
GIVEN = {("ServiceAccount", "default"), ("ConfigMap", "kube-root-ca.crt")}
"""What every namespace has by itself."""


@dataclass(frozen=True)
class Obstacle:
    """Why a sync cannot start, or cannot end."""

    subject: str
    problem: str
    mend: str

    def __str__(self) -> str:
        """The whole sentence."""
        return f"{self.subject}: {self.problem}; {self.mend}"


def obstacles(comparison: Comparison) -> list[Obstacle]:
    """What stands in the way of this sync, and of a first install on an empty cluster.

    A first install must work as well, or the app cannot be brought back.
    """
    application, target = comparison.application, comparison.target
    if comparison.removed:
        return []
    found = [*_of_starting(comparison), *_Sync(application, target, comparison.live).obstacles()]
    known = {(obstacle.subject, obstacle.problem) for obstacle in found}
    if comparison.live:
        for obstacle in _Sync(application, target, []).obstacles():
            if (obstacle.subject, obstacle.problem) not in known:
                problem = f"on a first install, {obstacle.problem}"
                found.append(Obstacle(obstacle.subject, problem, obstacle.mend))
    return found


def _of_starting(comparison: Comparison) -> Iterator[Obstacle]:
    application = comparison.application
    if comparison.live and not comparison.target:
        if application.prunes and not (application.automated or {}).get("allowEmpty"):
            yield Obstacle(
                str(application.manifest),
                "nothing of it is rendered any more, and an automatic sync refuses to delete all",
                "remove the Application as well",
            )
    elif not comparison.starts:
        before = {key(m): m.content for m in comparison.live}
        for manifest in comparison.target:
            if difference(before.get(key(manifest), {}), manifest.content):
                yield Obstacle(
                    str(manifest),
                    "only the hook changes, and a hook alone never starts an automatic sync",
                    "change what it belongs to as well, or sync by hand",
                )


class _Sync:
    """One sync, and when in it each object is there."""

    def __init__(
        self, application: Application, target: Sequence[Manifest], live: Sequence[Manifest]
    ) -> None:
        self.target = target
        self.steps = sync(application, target, live)
        gone = {step.key for step in self.steps if step.action is Action.PRUNE}
        self.live = {key(m): m for m in live if key(m) not in gone}
        self.gone = gone

    @cached_property
    def stages(self) -> Mapping[Key, int]:
        """In which wave of which phase, counted from the first, an object is applied."""
        numbers: dict[tuple[str, int], int] = {}
        found: dict[Key, int] = {}
        for step in self.steps:
            stage = numbers.setdefault((step.phase, step.wave), len(numbers))
            if step.action in (Action.APPLY, Action.HOOK):
                found.setdefault(step.key, stage)
        return found

    @cached_property
    def held(self) -> set[Key]:
        """The objects whose health the sync waits for."""
        return {step.key for step in self.steps if step.action is Action.WAIT}

    def obstacles(self) -> Iterator[Obstacle]:
        for manifest in self.target:
            if key(manifest) not in self.stages:
                continue
            if manifest.kind in POD_MAKERS:
                yield from self._needs_of_pods(manifest)
            if manifest.kind == "Job":
                yield from self._needs_database(manifest)
            if manifest.kind == "PersistentVolumeClaim":
                yield from self._waits_for_its_pod(manifest)
            if manifest.kind == "Ingress":
                yield from self._needs_certificate(manifest)

    def _needs_of_pods(self, workload: Manifest) -> Iterator[Obstacle]:
        stage = self.stages[key(workload)]
        for kind, name in sorted(_references(_pod_of(workload)) - GIVEN):
            identity = ("", kind, workload.namespace, name)
            provided = self._provided(identity)
            what = f"{kind} {workload.namespace}/{name}"
            if provided is None and (kind != "Secret" or identity in self.gone):
                how = "is removed" if identity in self.gone else "is rendered nowhere"
                yield Obstacle(
                    str(workload),
                    f"needs {what}, which {how}",
                    "render it, or do without",
                )
            elif provided is not None and provided > stage and key(workload) in self.held:
                yield Obstacle(
                    str(workload),
                    f"is waited for before {what} comes, which it needs",
                    f"give {what} an earlier wave, or the same",
                )

    def _provided(self, identity: Key) -> int | None:
        """The stage in which an object is there; -1 if it is from the beginning."""
        if identity in self.live:
            return -1
        if identity in self.stages:
            return self.stages[identity]
        _, kind, namespace, name = identity
        issued = (
            self.stages.get(key(m))
            for m in self.target
            if kind == "Secret"
            and (m.kind, m.namespace) == ("Certificate", namespace)
            and m.spec.get("secretName") == name
        )
        return next(issued, None)

    def _needs_database(self, job: Manifest) -> Iterator[Obstacle]:
        for database in self.target:
            stage = self.stages.get(key(database))
            if database.kind != "Database" or key(database) in self.live or stage is None:
                continue
            if stage >= self.stages[key(job)]:
                yield Obstacle(
                    str(job),
                    f"runs before {database} is there",
                    "give the Database an earlier wave",
                )

    def _waits_for_its_pod(self, claim: Manifest) -> Iterator[Obstacle]:
        if key(claim) in self.live or key(claim) not in self.held or self._binds_at_once(claim):
            return
        pods = [
            self.stages[key(m)]
            for m in self.target
            if m.kind in POD_MAKERS
            and m.namespace == claim.namespace
            and key(m) in self.stages
            and ("PersistentVolumeClaim", claim.name) in _references(_pod_of(m))
        ]
        if not pods or min(pods) > self.stages[key(claim)]:
            which = "comes in a later wave" if pods else "is not there"
            yield Obstacle(
                str(claim),
                "deadlock: the sync waits until it is bound, and with WaitForFirstConsumer only"
                f" its pod binds it, which {which}",
                "give it the wave of its pod",
            )

    def _binds_at_once(self, claim: Manifest) -> bool:
        return any(
            m.kind == "StorageClass"
            and m.name == claim.spec.get("storageClassName")
            and m.content.get("volumeBindingMode", "Immediate") == "Immediate"
            for m in self.target
        )

    def _needs_certificate(self, ingress: Manifest) -> Iterator[Obstacle]:
        secrets = {tls.get("secretName") for tls in ingress.spec.get("tls") or []}
        for certificate in self.target:
            if (certificate.kind, certificate.namespace) != ("Certificate", ingress.namespace):
                continue
            if certificate.spec.get("secretName") not in secrets:
                continue
            former = self.live.get(key(certificate))
            is_issued = former is not None and former.spec == certificate.spec
            stage = self.stages.get(key(certificate), 0)
            if not is_issued and stage >= self.stages[key(ingress)]:
                yield Obstacle(
                    str(ingress),
                    f"is applied before {certificate} is issued",
                    "give the Certificate an earlier wave",
                )


def _pod_of(workload: Manifest) -> dict[str, Any]:
    """The spec of the pods that an object makes, or is."""
    if workload.kind == "Pod":
        return workload.spec
    return (workload.spec.get("template") or {}).get("spec") or {}


def _references(pod: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Kind and name of what a pod cannot start without."""
    found = {("ServiceAccount", str(pod.get("serviceAccountName") or "default"))}
    for container in containers(pod):
        sources = [variable.get("valueFrom") or {} for variable in container.get("env") or []]
        for source in [*sources, *(container.get("envFrom") or [])]:
            for field, kind in (
                ("secretKeyRef", "Secret"),
                ("configMapKeyRef", "ConfigMap"),
                ("secretRef", "Secret"),
                ("configMapRef", "ConfigMap"),
            ):
                found |= _named(source.get(field), kind, "name")
    for volume in pod.get("volumes") or []:
        inner = (volume.get("projected") or {}).get("sources") or []
        found |= _named(volume.get("secret"), "Secret", "secretName")
        found |= _named(volume.get("configMap"), "ConfigMap", "name")
        found |= _named(volume.get("persistentVolumeClaim"), "PersistentVolumeClaim", "claimName")
        for source in inner:
            found |= _named(source.get("secret"), "Secret", "name")
            found |= _named(source.get("configMap"), "ConfigMap", "name")
    return found


def _named(reference: Any, kind: str, field: str) -> set[tuple[str, str]]:
    if not isinstance(reference, dict) or reference.get("optional") or not reference.get(field):
        return set()
    return {(kind, str(reference[field]))}
