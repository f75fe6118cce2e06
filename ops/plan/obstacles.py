"""What will keep a sync from starting or from ending, found by simulating it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ops import kinds
from ops.documents.manifest import Manifest
from ops.kinds.certificate import Certificate
from ops.kinds.database import Database
from ops.kinds.description.kind import Stage
from ops.kinds.description.reference import Reference
from ops.kinds.ingress import Ingress
from ops.kinds.persistent_volume_claim import PersistentVolumeClaim
from ops.kinds.secret import Secret
from ops.kinds.storage_class import StorageClass
from ops.objects.base import Object
from ops.plan.change import Comparison
from ops.plan.simulation import Action, Key, sync
from ops.plan.synced_application import SyncedApplication

SECRET, CLAIM = (kinds.by_model(model).kind for model in (Secret, PersistentVolumeClaim))


@dataclass(frozen=True)
class Obstacle:
    """Why a sync cannot start, or cannot end."""

    subject: str
    problem: str
    fix: str

    def __str__(self) -> str:
        """The whole sentence."""
        return f"{self.subject}: {self.problem}; {self.fix}"


def obstacles(comparison: Comparison) -> list[Obstacle]:
    """What stands in the way of this sync, and of a first install on an empty cluster.

    A first install must work as well, or the app cannot be restored.
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
                found.append(Obstacle(obstacle.subject, problem, obstacle.fix))
    return found


def _of_starting(comparison: Comparison) -> Iterator[Obstacle]:
    application = comparison.application
    if comparison.live and not comparison.target:
        automated = application.automated
        if automated and automated.prune and not automated.allow_empty:
            yield Obstacle(
                str(application.manifest),
                "none of its objects is rendered any more, and an automatic sync refuses to "
                "delete all objects",
                "delete the Application as well",
            )


class _Sync:
    """One sync, and when in it each object is there."""

    def __init__(
        self, application: SyncedApplication, target: Sequence[Manifest], live: Sequence[Manifest]
    ) -> None:
        self.target = target
        self.steps = sync(application, target, live)
        self.gone = {step.key for step in self.steps if step.action is Action.PRUNE}
        self.live = {m.key: m for m in live if m.key not in self.gone}

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
            entry = manifest.entry
            if entry is None or manifest.key not in self.stages:
                continue
            if entry.pods:
                yield from self._needs_of_pods(manifest)
            if entry.stage is Stage.MIGRATION:
                yield from self._needs_database(manifest)
            if entry is kinds.by_model(PersistentVolumeClaim):
                yield from self._waits_for_its_pod(manifest)
            if entry is kinds.by_model(Ingress):
                yield from self._needs_certificate(manifest)

    def _needs_of_pods(self, workload: Manifest) -> Iterator[Obstacle]:
        stage = self.stages[workload.key]
        for reference in _references(workload):
            identity = _identity(reference, workload.namespace)
            provided = self._provided(identity)
            what = f"{reference.kind} {workload.namespace}/{reference.name}"
            if provided is None and (reference.kind != SECRET or identity in self.gone):
                how = "is removed" if identity in self.gone else "is not rendered"
                yield Obstacle(
                    str(workload),
                    f"needs {what}, which {how}",
                    "render it, or remove the reference",
                )
            elif provided is not None and provided > stage and workload.key in self.held:
                yield Obstacle(
                    str(workload),
                    f"the sync waits for it before it applies {what}, which it needs",
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
            self.stages.get(manifest.key)
            for manifest in self._of(Certificate, namespace)
            if kind == SECRET and manifest.typed(Certificate).spec.secret_name == name
        )
        return next(issued, None)

    def _of(self, model: type[Object], namespace: str | None = None) -> list[Manifest]:
        """The documents of a kind, in one namespace if one is given."""
        entry = kinds.by_model(model)
        return [m for m in self.target if m.entry is entry and namespace in (None, m.namespace)]

    def _needs_database(self, migration: Manifest) -> Iterator[Obstacle]:
        for database in self._of(Database):
            stage = self.stages.get(database.key)
            if database.key in self.live or stage is None:
                continue
            if stage >= self.stages[migration.key]:
                yield Obstacle(
                    str(migration),
                    f"runs before {database} exists",
                    "give the Database an earlier wave",
                )

    def _waits_for_its_pod(self, claim: Manifest) -> Iterator[Obstacle]:
        if claim.key in self.live or claim.key not in self.held or self._binds_at_once(claim):
            return
        reference = Reference(CLAIM, claim.name)
        pods = [
            self.stages[m.key]
            for m in self.target
            if m.namespace == claim.namespace
            and m.key in self.stages
            and reference in _references(m)
        ]
        if not pods or min(pods) > self.stages[claim.key]:
            which = "is applied in a later wave" if pods else "is not there"
            yield Obstacle(
                str(claim),
                "deadlock: the sync waits until it is bound; with WaitForFirstConsumer only a "
                f"pod that mounts it binds it, and that pod {which}",
                "give it the same wave as its pod",
            )

    def _binds_at_once(self, claim: Manifest) -> bool:
        class_name = claim.typed(PersistentVolumeClaim).spec.storage_class_name
        return any(
            manifest.name == class_name
            and manifest.typed(StorageClass).volume_binding_mode == "Immediate"
            for manifest in self._of(StorageClass)
        )

    def _needs_certificate(self, ingress: Manifest) -> Iterator[Obstacle]:
        secrets = {entry.secret_name for entry in ingress.typed(Ingress).spec.tls}
        for certificate in self._of(Certificate, ingress.namespace):
            wanted = certificate.typed(Certificate).spec
            if wanted.secret_name not in secrets:
                continue
            former = self.live.get(certificate.key)
            is_issued = former is not None and former.typed(Certificate).spec == wanted
            stage = self.stages.get(certificate.key, 0)
            if not is_issued and stage >= self.stages[ingress.key]:
                yield Obstacle(
                    str(ingress),
                    f"is applied before {certificate} is issued",
                    "give the Certificate an earlier wave",
                )


def _references(manifest: Manifest) -> list[Reference]:
    """What an object refers to in its namespace."""
    return sorted(manifest.entry.references(manifest.object)) if manifest.entry else []


def _identity(reference: Reference, namespace: str) -> Key:
    entry = kinds.by_name(reference.kind)
    return (entry.group if entry else "", reference.kind, namespace, reference.name)
