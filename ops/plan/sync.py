"""A sync played through, in the order in which Argo CD 3.6 takes it.

Pure functions from documents to an ordered list of steps. Source: gitops-engine/pkg/sync
(sync_context.go, sync_tasks.go) and controller/{appcontroller,sort_delete}.go of
https://github.com/argoproj/argo-cd/tree/v3.6.1.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from ops.manifests import Manifest
from ops.plan.argocd import PHASES, Application, delete_policies, is_hook, options, phases, wave

Key = tuple[str, str, str, str]
"""Group, kind, namespace and name."""

_HEALTH_CHECKED = """
    apps/Deployment apps/StatefulSet apps/ReplicaSet apps/DaemonSet networking.k8s.io/Ingress
    /Service /PersistentVolumeClaim /Pod batch/Job batch/CronJob autoscaling/HorizontalPodAutoscaler
    apiregistration.k8s.io/APIService policy/PodDisruptionBudget
    apiextensions.k8s.io/CustomResourceDefinition cert-manager.io/Certificate
    cert-manager.io/CertificateRequest cert-manager.io/Issuer cert-manager.io/ClusterIssuer
    postgresql.cnpg.io/Cluster postgresql.cnpg.io/Database postgresql.cnpg.io/Backup
    acme.cert-manager.io/Challenge acme.cert-manager.io/Order argoproj.io/ApplicationSet
    argoproj.io/Rollout argoproj.io/Workflow argoproj.io/CronWorkflow
"""
HEALTH_CHECKED = frozenset(_HEALTH_CHECKED.split())
"""The kinds whose health a wave waits for, of those that are met here: gitops-engine/pkg/health
and resource_customizations/. Application is none of them."""

_KINDS = """
    Namespace NetworkPolicy ResourceQuota LimitRange PodSecurityPolicy PodDisruptionBudget
    ServiceAccount Secret SecretList ConfigMap StorageClass PersistentVolume PersistentVolumeClaim
    CustomResourceDefinition ClusterRole ClusterRoleList ClusterRoleBinding ClusterRoleBindingList
    Role RoleList RoleBinding RoleBindingList Service DaemonSet Pod ReplicationController ReplicaSet
    Deployment HorizontalPodAutoscaler StatefulSet Job CronJob IngressClass Ingress APIService
"""
KIND_ORDER = {kind: position - 100 for position, kind in enumerate(_KINDS.split())}
"""The order within a wave; every other kind comes after these."""


class Action(StrEnum):
    """What Argo CD does with an object in a step."""

    APPLY = "apply"
    HOOK = "hook"
    REPLACE = "delete"
    """The last run of a hook is deleted before the next is created."""
    PRUNE = "prune"
    KEEP = "keep"
    """It would be pruned, but Prune=false holds."""
    CONFIRM = "confirm"
    """Nothing goes on until a person has confirmed."""
    WAIT = "wait"


@dataclass(frozen=True)
class Step:
    """One thing that Argo CD does; steps of the same batch go at once, in no order."""

    phase: str
    wave: int
    action: Action
    group: str
    kind: str
    namespace: str
    name: str
    batch: int = 0

    @property
    def key(self) -> Key:
        """The object."""
        return self.group, self.kind, self.namespace, self.name

    def __str__(self) -> str:
        """Kind and name, as people speak of the object."""
        return f"{self.kind} {'/'.join(filter(None, (self.namespace, self.name)))}"


@dataclass(eq=False)
class _Task:
    phase: str
    wave: int
    target: Manifest | None
    live: Manifest | None

    @property
    def manifest(self) -> Manifest:
        found = self.target or self.live
        assert found is not None
        return found

    @property
    def prunes(self) -> bool:
        return self.target is None

    @property
    def is_hook(self) -> bool:
        return is_hook(self.manifest)


def key(manifest: Manifest) -> Key:
    """What makes an object the same one from revision to revision."""
    return manifest.group, manifest.kind, manifest.namespace, manifest.name


def has_health(manifest: Manifest) -> bool:
    """Whether a wave waits until the object is healthy."""
    return f"{manifest.group}/{manifest.kind}" in HEALTH_CHECKED


def sync(
    application: Application, target: Sequence[Manifest], live: Sequence[Manifest]
) -> list[Step]:
    """The steps of one sync, from what is on the cluster to what is rendered.

    Of a hook, `live` says whether an earlier run is still there. Waiting comes after each wave but
    the last, and after the last one too if a hook is in it; before it, within a wave, what goes is
    pruned, then old hooks are deleted, and then kind after kind is applied.
    """
    tasks = _tasks(application, target, live)
    _reverse_waves_of_pruning(application, tasks)
    _sort(application, tasks)
    groups = _first_namespace(application, tasks) + [
        list(group) for _, group in groupby(tasks, lambda task: (task.phase, task.wave))
    ]
    steps = _Steps()
    for position, group in enumerate(groups):
        last = position == len(groups) - 1
        _run(application, group, steps, waits=not last or any(task.is_hook for task in group))
    return steps.taken


def _tasks(
    application: Application, target: Sequence[Manifest], live: Sequence[Manifest]
) -> list[_Task]:
    there = {key(manifest): manifest for manifest in live}
    wanted = {key(manifest) for manifest in target}
    tasks = [
        _Task(phase, wave(manifest), manifest, there.get(key(manifest)))
        for manifest in target
        for phase in phases(manifest)
        if phase != "SyncFail"  # runs after a failure only
    ]
    if "ApplyOutOfSyncOnly=true" in application.options:
        tasks = [t for t in tasks if t.is_hook or not t.live or t.live.content != _content(t)]
    tasks += [
        _Task("Sync", wave(manifest), None, manifest)
        for manifest in live
        if key(manifest) not in wanted and not is_hook(manifest)
    ]
    return tasks


def _content(task: _Task) -> object:
    return task.target.content if task.target else None


def _reverse_waves_of_pruning(application: Application, tasks: list[_Task]) -> None:
    """Waves of what is pruned, swapped end for end; with PruneLast, after everything else."""
    pruned = [task for task in tasks if task.prunes]
    waves = sorted({task.wave for task in pruned})
    swapped = dict(zip(waves, reversed(waves), strict=True))
    for task in pruned:
        task.wave = swapped[task.wave]
    last = max([0, *(task.wave for task in tasks if task.phase == "Sync")]) + 1
    for task in pruned:
        if "PruneLast=true" in application.options | options(task.manifest):
            task.wave = last


def _sort(application: Application, tasks: list[_Task]) -> None:
    tasks.sort(
        key=lambda t: (
            PHASES.index(t.phase),
            t.wave,
            KIND_ORDER.get(t.manifest.kind, 0),
            t.manifest.name,
        )
    )
    _bring_forward(
        tasks,
        provides=lambda m: m.name if (m.group, m.kind) == ("", "Namespace") else None,
        needs=lambda m: m.namespace or application.namespace or None,
    )
    _bring_forward(tasks, provides=_defines, needs=lambda m: f"{m.group}/{m.kind}")


def _defines(manifest: Manifest) -> str | None:
    if manifest.kind != "CustomResourceDefinition":
        return None
    return f"{manifest.spec.get('group')}/{(manifest.spec.get('names') or {}).get('kind')}"


def _bring_forward(
    tasks: list[_Task],
    provides: Callable[[Manifest], str | None],
    needs: Callable[[Manifest], str | None],
) -> None:
    """Moves what others need before the first that needs it, into its phase and wave."""
    first: dict[str, int] = {}
    for position, task in enumerate(tasks):
        if task.target is None:
            continue
        provided = provides(task.target)
        if provided is None:
            needed = needs(task.target)
            if needed is not None:
                first.setdefault(needed, position)
        elif provided in first:
            place = first[provided]
            task.phase, task.wave = tasks[place].phase, tasks[place].wave
            tasks.insert(place, tasks.pop(position))
            for other, where in first.items():
                first[other] = where + (where >= place)


def _first_namespace(application: Application, tasks: list[_Task]) -> list[list[_Task]]:
    """The destination's Namespace, if it is new: it is made before anything is validated."""
    for task in tasks:
        manifest = task.manifest
        is_it = (manifest.group, manifest.kind, manifest.name) == (
            "",
            "Namespace",
            application.namespace,
        )
        if is_it and task.live is None:
            tasks.remove(task)
            return [[task]]
    return []


class _Steps:
    def __init__(self) -> None:
        self.taken: list[Step] = []
        self.batch = 0

    def add(self, tasks: Iterable[_Task], action: Callable[[_Task], Action]) -> None:
        """Adds a batch."""
        added = [_step(task, action(task), self.batch) for task in tasks]
        self.taken += added
        self.batch += bool(added)


def _step(task: _Task, action: Action, batch: int) -> Step:
    return Step(task.phase, task.wave, action, *key(task.manifest), batch)


def _run(application: Application, tasks: list[_Task], steps: _Steps, *, waits: bool) -> None:
    pruned = [task for task in tasks if task.prunes]
    applied = [task for task in tasks if not task.prunes]
    asking = [t for t in pruned if application.option(t.manifest, "Prune") == "confirm"]
    steps.add(asking, lambda _: Action.CONFIRM)
    steps.add(pruned, lambda task: _pruning(application, task))
    replaced = [
        t
        for t in applied
        if t.is_hook and t.live and "BeforeHookCreation" in delete_policies(t.manifest)
    ]
    steps.add(replaced, lambda _: Action.REPLACE)
    for _, same in groupby(applied, lambda task: task.manifest.kind):
        steps.add(same, lambda task: Action.HOOK if task.is_hook else Action.APPLY)
    if waits:
        held = [task for task in applied if has_health(task.manifest)]
        steps.add(held, lambda _: Action.WAIT)


def _pruning(application: Application, task: _Task) -> Action:
    return Action.KEEP if application.option(task.manifest, "Prune") == "false" else Action.PRUNE


def deletion(application: Application, live: Sequence[Manifest]) -> list[Step]:
    """The steps that follow when the Application itself is deleted: its objects go with it.

    The highest wave first, each waited for; nothing if the Application has no finalizer for it.
    """
    if not application.cascades:
        return []
    said = {id(m): application.option(m, "Delete") for m in live}
    steps = _Steps()
    gone = [m for m in live if said[id(m)] != "false" and not _is_kept(m)]
    asking = [m for m in gone if said[id(m)] == "confirm"]
    steps.add(map(_deleted, asking), lambda _: Action.CONFIRM)
    kept = [m for m in live if m not in gone]
    steps.add(map(_deleted, kept), lambda _: Action.KEEP)
    for _, same in groupby(sorted(gone, key=wave, reverse=True), wave):
        steps.add(map(_deleted, same), lambda _: Action.PRUNE)
    return steps.taken


def _is_kept(manifest: Manifest) -> bool:
    helm = manifest.annotations.get("helm.sh/resource-policy") == "keep"
    return helm or manifest.kind == "CustomResourceDefinition"


def _deleted(manifest: Manifest) -> _Task:
    return _Task("Delete", wave(manifest), None, manifest)
