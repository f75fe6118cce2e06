"""The steps of a sync, simulated in the order in which Argo CD 3.6 takes them.

Pure functions from documents to an ordered list of steps. Source: gitops-engine/pkg/sync
(sync_context.go, sync_tasks.go) and controller/{appcontroller,sort_delete}.go of
https://github.com/argoproj/argo-cd/tree/v3.6.1.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import groupby

from ops import kinds
from ops.documents.manifest import Manifest
from ops.documents.sync_annotations import PHASES
from ops.kinds.custom_resource_definition import CustomResourceDefinition
from ops.kinds.namespace import Namespace
from ops.plan.synced_application import SyncedApplication

Key = tuple[str, str, str, str]
"""Group, kind, namespace and name."""


LISTED_KINDS = 100
"""More than Argo CD has kinds in its order."""


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
    """The sync waits until a person has confirmed."""
    WAIT = "wait"
    """The sync waits until it is healthy."""
    GONE = "gone"
    """The sync waits until what was pruned is gone."""
    CLEAN = "clean"
    """A hook is deleted after the sync, as its delete policy says."""


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
        """Kind and name, by kind and name."""
        return f"{self.kind} {'/'.join(filter(None, (self.namespace, self.name)))}"


@dataclass(eq=False)
class _Task:
    phase: str
    wave: int
    manifest: Manifest
    prunes: bool = False

    @cached_property
    def key(self) -> Key:
        return self.manifest.key

    @cached_property
    def is_hook(self) -> bool:
        return self.manifest.is_hook

    @property
    def identity(self) -> tuple[Key, str]:
        """By what Argo CD remembers that it is done."""
        return self.key, self.phase

    @property
    def place(self) -> tuple[str, int]:
        return self.phase, self.wave

    @cached_property
    def rank(self) -> tuple[int, str]:
        """What decides within a wave."""
        return _apply_order(self.manifest), self.manifest.name

    def deletes(self, policy: str) -> bool:
        """Whether it is a hook that is deleted by this policy."""
        return self.is_hook and policy in self.manifest.delete_policies


def _apply_order(manifest: Manifest) -> int:
    """Argo CD orders by the kind alone; those without a position come after all others."""
    entry = kinds.by_name(manifest.kind)
    position = entry.apply_order if entry else None
    return 0 if position is None else position - LISTED_KINDS


def has_health(manifest: Manifest) -> bool:
    """Whether a wave waits until the object is healthy."""
    return manifest.entry is not None and manifest.entry.health is not None


def sync(
    application: SyncedApplication,
    target: Sequence[Manifest],
    live: Sequence[Manifest],
    fails: Collection[Key] = (),
) -> list[Step]:
    """The steps of one sync, from what is on the cluster to what is rendered.

    `live` are the documents of the last sync, which succeeded. `fails` are hooks that come to
    nothing; the sync then ends with their wave, and with the hooks for a failure.

    Waiting comes after each wave but the last, and after the last one too if a hook is in it;
    before it, within a wave, what goes is pruned, then old hooks are deleted, and then kind after
    kind is applied.
    """
    return _Sync(application, target, live).play(fails)


class _Sync:
    """A sync in progress. After each wave Argo CD looks again at what is left to do."""

    def __init__(
        self, application: SyncedApplication, target: Sequence[Manifest], live: Sequence[Manifest]
    ) -> None:
        self.application, self.target = application, target
        self.there = {manifest.key: manifest for manifest in live if manifest.remains}
        self.done: set[tuple[Key, str]] = set()
        self.steps = _Steps()
        self.tasks = self._tasks()

    def play(self, fails: Collection[Key]) -> list[Step]:
        while pending := self._pending():
            group = self._next(pending)
            hooks = [task for task in group if task.is_hook]
            ends = len(group) == len(pending) and not hooks
            self._run(group, ends=ends)
            if not ends:
                # A sync of one wave waits for its hooks alone; a hook for a failure is another.
                is_one_wave = len({task.place for task in self.tasks}) == 1
                self._wait(hooks if is_one_wave else group)
            if any(task.key in fails for task in hooks):
                self._fail()
                return self.steps.taken
        self._clean("HookSucceeded")
        return self.steps.taken

    def _tasks(self) -> list[_Task]:
        wanted = {manifest.key for manifest in self.target}
        tasks = [
            _Task(phase, manifest.wave, manifest)
            for manifest in self.target
            for phase in manifest.phases
        ]
        tasks += [
            _Task("Sync", manifest.wave, manifest, prunes=True)
            for identity, manifest in self.there.items()
            if identity not in wanted and not manifest.is_hook
        ]
        _reverse_waves_of_pruning(self.application, tasks)
        _sort(self.application, tasks)
        return tasks

    def _pending(self) -> list[_Task]:
        """What is left to do, but for what runs after a failure only."""
        left = [t for t in self.tasks if t.phase != "SyncFail" and t.identity not in self.done]
        if "ApplyOutOfSyncOnly=true" in self.application.options:
            return [task for task in left if task.is_hook or task.prunes or self._differs(task)]
        return left

    def _differs(self, task: _Task) -> bool:
        live = self.there.get(task.key)
        return live is None or live.content != task.manifest.content

    def _next(self, pending: list[_Task]) -> list[_Task]:
        """The wave that is next; before all, a new Namespace that the app is destined for."""
        name = ("", "Namespace", "", self.application.namespace)
        if not self.done:
            for task in pending:
                if task.key == name and name not in self.there:
                    return [task]
        return [task for task in pending if task.place == pending[0].place]

    def _run(self, tasks: list[_Task], *, ends: bool) -> None:
        pruned = [task for task in tasks if task.prunes]
        going = [task for task in pruned if not self._stays(task)]
        asking = [t for t in pruned if self.application.option(t.manifest, "Prune") == "confirm"]
        self.steps.add(asking, lambda _: Action.CONFIRM)
        self.steps.add(pruned, lambda t: Action.KEEP if self._stays(t) else Action.PRUNE)
        self._mark(pruned)
        applied = [task for task in tasks if not task.prunes]
        replaced = self._replace(applied)
        if replaced:
            self.steps.add(going, lambda _: Action.GONE)
        self._apply(applied)
        if not replaced and not ends:
            self.steps.add(going, lambda _: Action.GONE)
        if going:
            for task in going:
                del self.there[task.key]
            self.tasks = self._tasks()

    def _replace(self, tasks: list[_Task]) -> bool:
        """Deletes the last runs of hooks; whether there are any."""
        there = [t for t in tasks if t.key in self.there and t.deletes("BeforeHookCreation")]
        self.steps.add(there, lambda _: Action.REPLACE)
        return bool(there)

    def _stays(self, task: _Task) -> bool:
        application = self.application
        return not application.prunes or application.option(task.manifest, "Prune") == "false"

    def _apply(self, tasks: list[_Task]) -> None:
        for same in _batches(tasks):
            self.steps.add(same, lambda task: Action.HOOK if task.is_hook else Action.APPLY)
        self._mark(tasks)
        self.there |= {task.key: task.manifest for task in tasks}

    def _mark(self, tasks: list[_Task]) -> None:
        self.done |= {task.identity for task in tasks}

    def _wait(self, tasks: list[_Task]) -> None:
        held = [task for task in tasks if not task.prunes and has_health(task.manifest)]
        self.steps.add(held, lambda _: Action.WAIT)

    def _fail(self) -> None:
        """What follows when a hook has failed; waves mean nothing any more."""
        self._clean("HookFailed")
        hooks = [task for task in self.tasks if task.phase == "SyncFail"]
        self._replace(hooks)
        self._apply(hooks)
        self._wait(hooks)
        self._clean("HookFailed")

    def _clean(self, policy: str) -> None:
        """Deletes the hooks that are there, one after the other, whatever they came to."""
        for task in self.tasks:
            if task.key in self.there and task.deletes(policy):
                self.steps.add([task], lambda _: Action.CLEAN)
                del self.there[task.key]


def _reverse_waves_of_pruning(application: SyncedApplication, tasks: list[_Task]) -> None:
    """Waves of what is pruned, swapped end for end; with PruneLast, after everything else."""
    pruned = [task for task in tasks if task.prunes]
    waves = sorted({task.wave for task in pruned})
    swapped = dict(zip(waves, reversed(waves), strict=True))
    for task in pruned:
        task.wave = swapped[task.wave]
    last = max([0, *(task.wave for task in tasks if task.phase == "Sync")]) + 1
    for task in pruned:
        if "PruneLast=true" in [*application.options, *task.manifest.sync_options]:
            task.wave = last


def _sort(application: SyncedApplication, tasks: list[_Task]) -> None:
    tasks.sort(key=lambda task: (PHASES.index(task.phase), task.wave, task.rank))
    _bring_forward(
        tasks,
        provides=lambda m: m.name if m.entry is kinds.by_model(Namespace) else None,
        needs=lambda m: m.namespace or application.namespace or None,
    )
    _bring_forward(tasks, provides=_defines, needs=lambda m: f"{m.group}/{m.kind}")


def _defines(manifest: Manifest) -> str | None:
    if manifest.entry is not kinds.by_model(CustomResourceDefinition):
        return None
    spec = manifest.typed(CustomResourceDefinition).spec
    return f"{spec.group}/{spec.names.kind}"


def _bring_forward(
    tasks: list[_Task],
    provides: Callable[[Manifest], str | None],
    needs: Callable[[Manifest], str | None],
) -> None:
    """Moves what others need before the first that needs it, into its phase and wave."""
    first: dict[str, int] = {}
    for position, task in enumerate(tasks):
        if task.prunes:
            continue
        provided = provides(task.manifest)
        if provided is None:
            needed = needs(task.manifest)
            if needed is not None:
                first.setdefault(needed, position)
        elif provided in first:
            place = first[provided]
            task.phase, task.wave = tasks[place].phase, tasks[place].wave
            tasks.insert(place, tasks.pop(position))
            for other, where in first.items():
                first[other] = where + (where >= place)


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
    return Step(task.phase, task.wave, action, *task.key, batch)


def _batches(tasks: list[_Task]) -> Iterator[list[_Task]]:
    """Kind after kind.

    Custom resources have no order among kinds but by name, and none at all under the same name.
    """
    batch: list[_Task] = []
    last: set[str] = set()
    for _, same in groupby(tasks, lambda task: task.rank):
        rivals = list(same)
        kinds = {task.manifest.kind for task in rivals}
        if batch and not kinds & last:
            yield batch
            batch = []
        batch += rivals
        last = kinds
    if batch:
        yield batch


def deletion(application: SyncedApplication, live: Sequence[Manifest]) -> list[Step]:
    """The steps that follow when the Application itself is deleted: its objects go with it.

    The highest wave first, each waited for; nothing if the Application has no finalizer for it.
    """
    if not application.cascades:
        return []
    live = [manifest for manifest in live if manifest.remains]
    stated = {id(m): application.option(m, "Delete") for m in live}
    steps = _Steps()
    gone = [m for m in live if stated[id(m)] != "false" and not _is_kept(m)]
    asking = [m for m in gone if stated[id(m)] == "confirm"]
    steps.add(map(_deleted, asking), lambda _: Action.CONFIRM)
    kept = [m for m in live if m not in gone]
    steps.add(map(_deleted, kept), lambda _: Action.KEEP)
    for _, same in groupby(sorted(gone, key=_wave, reverse=True), _wave):
        steps.add(map(_deleted, same), lambda _: Action.PRUNE)
    return steps.taken


def _wave(manifest: Manifest) -> int:
    return manifest.wave


def _is_kept(manifest: Manifest) -> bool:
    helm = manifest.annotations.get("helm.sh/resource-policy") == "keep"
    return helm or manifest.entry is kinds.by_model(CustomResourceDefinition)


def _deleted(manifest: Manifest) -> _Task:
    return _Task("Delete", manifest.wave, manifest, prunes=True)
