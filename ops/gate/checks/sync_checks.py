"""The order in which Argo CD applies, and what it may delete."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from ops import kinds
from ops.documents.manifest import Manifest
from ops.documents.sync_annotations import HELM_HOOK
from ops.documents.workload import Workload
from ops.gate.inventory import Inventory
from ops.gate.policy import Offences, check
from ops.kinds.application import Application
from ops.kinds.database import Database
from ops.kinds.database_role import DatabaseRole
from ops.kinds.description.kind import Stage
from ops.kinds.job import Job
from ops.kinds.namespace import Namespace
from ops.kinds.persistent_volume_claim import PersistentVolumeClaim
from ops.objects.base import Object
from railiance.annotations import HOOK, HOOK_DELETE_POLICY
from railiance.manage import Launcher

MOST_SECONDS, MOST_TRIES = 3600, 6
DEVELOPING = {"runserver", "runserver_plus", "--reload", "--autoreload", "--debug"}
"""Arguments of servers that are for developers."""


def unkept(inventory: Inventory, model: type[Object]) -> Iterator[Manifest]:
    """Objects of a kind that a sync may prune, or the deletion of their Application delete."""
    kept = kinds.by_model(model).kept
    for manifest, _ in inventory.objects(model):
        if not any(options <= set(manifest.sync_options) for options in kept):
            yield manifest


@check(
    "sync.E001",
    "Every document states its sync wave.",
    hint="annotate it with argocd.argoproj.io/sync-wave",
    because="Within a wave Argo CD applies by kind, custom resources last and Jobs after"
    " Deployments: not the order that an app needs.",
)
def waves_missing(inventory: Inventory) -> Offences:
    """Documents without a wave, or with one that is no number."""
    for manifest in inventory.manifests:
        if manifest.stated_wave is None:
            yield manifest, "has no wave"


@check(
    "sync.E002",
    "A Job is a Sync hook that is deleted before it is created again.",
    hint="annotate it with hook: Sync and hook-delete-policy: BeforeHookCreation",
    because="A plain Job cannot take a new image; a PreSync hook runs before the Database exists;"
    " HookSucceeded alone leaves a failed Job in the way (Argo CD, «Resource Hooks»).",
)
def jobs_that_stick(inventory: Inventory) -> Offences:
    """Jobs that would block a sync."""
    for manifest, _ in inventory.objects(Job):
        found = (manifest.annotations.get(HOOK), manifest.annotations.get(HOOK_DELETE_POLICY))
        if found != ("Sync", "BeforeHookCreation"):
            yield manifest, f"hook {found[0]!r}, delete policy {found[1]!r}"


@check(
    "sync.E003",
    "A PersistentVolumeClaim has the sync wave of the first pods that mount it.",
    hint="give the claim the wave of its first pods",
    because="With WaitForFirstConsumer a claim is bound only when a pod mounts it: a claim in an"
    " earlier wave waits for its pods for ever, and pods wait for a claim in a later one.",
)
def claims_that_deadlock(inventory: Inventory) -> Offences:
    """Claims and pods that would wait for each other."""
    for claim, _ in inventory.objects(PersistentVolumeClaim):
        pods = [
            workload.manifest
            for workload in inventory.workloads_by_namespace.get(claim.namespace, ())
            if claim.name in workload.pod.claims
        ]
        first = min(pods, key=lambda manifest: manifest.wave, default=None)
        if first and claim.stated_wave != first.stated_wave:
            yield claim, f"wave {claim.stated_wave}, {first} is in {first.stated_wave}"


@check(
    "sync.E004",
    "Sync waves are in this order: Namespace, foundations, migration, pods, exposure, CronJobs.",
    hint="take the waves from railiance.waves",
    because="New code must not run on an old schema, and nothing may wait for a later wave. A"
    " CronJob whose last run failed fails the sync in every wave but the last.",
)
def waves_out_of_order(inventory: Inventory) -> Offences:
    """Documents that are not later than what they need."""
    databases: dict[Path, list[Manifest]] = defaultdict(list)
    for manifest, _ in (*inventory.objects(Database), *inventory.objects(DatabaseRole)):
        databases[manifest.file].append(manifest)
    for namespace, _ in inventory.objects(Namespace):
        found = _by_stage(inventory, namespace, databases[namespace.file])
        for earlier, later in pairwise(Stage):
            for manifest in found[later]:
                for other in found[earlier]:
                    if manifest.wave <= other.wave:
                        yield manifest, f"wave {manifest.wave} is not after {other} ({other.wave})"


def _by_stage(
    inventory: Inventory, namespace: Manifest, databases: list[Manifest]
) -> Mapping[Stage, list[Manifest]]:
    """What states a wave of an app: its Namespace, what is in it, its Database and its role."""
    found: dict[Stage, list[Manifest]] = defaultdict(list)
    for manifest in (namespace, *databases, *inventory.in_namespace.get(namespace.name, ())):
        if manifest.stated_wave is not None and manifest.entry and manifest.entry.stage is not None:
            found[manifest.entry.stage].append(manifest)
    return found


@check(
    "sync.E005",
    "A PersistentVolumeClaim, or any other kind that holds data, is neither pruned by a sync "
    "nor deleted with its Application.",
    hint="annotate it with sync-options: Prune=false,Delete=false",
    because="A sync must never lose data; the node's storage deletes a volume with its claim.",
)
def data_pruned(inventory: Inventory) -> Offences:
    """Objects without both options; a Namespace has sync.E006, a Database database.E002."""
    for entry in {m.entry.kind: m.entry for m in inventory.described if m.entry}.values():
        if entry.kept and entry.model not in (Namespace, Database, DatabaseRole):
            for manifest in unkept(inventory, entry.model):
                yield manifest, "may be pruned or deleted"


@check(
    "sync.E006",
    "A Namespace is pruned only after a confirmation, and not deleted with its Application.",
    hint="annotate it with sync-options: Prune=confirm,Delete=false",
    because="Deleting a Namespace deletes everything in it, volumes too.",
)
def namespaces_pruned(inventory: Inventory) -> Offences:
    """Namespaces that a sync could remove by itself."""
    for manifest in unkept(inventory, Namespace):
        yield manifest, "may be pruned or deleted without confirmation"


@check(
    "sync.E007",
    "A Job has a deadline and a backoff limit, and stays until the next sync.",
    hint="set activeDeadlineSeconds and backoffLimit, and no ttlSecondsAfterFinished",
    because="A sync waits for its hook; one that is deleted early can hang the sync, and its "
    "log is lost.",
)
def jobs_unbounded(inventory: Inventory) -> Offences:
    """Jobs that could run for ever, or be gone before anyone looked."""
    for manifest, job in inventory.objects(Job):
        seconds, tries = job.spec.active_deadline_seconds, job.spec.backoff_limit
        if seconds is None or seconds > MOST_SECONDS:
            yield manifest, f"activeDeadlineSeconds is {seconds}, at most {MOST_SECONDS}"
        if tries is None or tries > MOST_TRIES:
            yield manifest, f"backoffLimit is {tries}, at most {MOST_TRIES}"
        if job.spec.ttl_seconds_after_finished is not None:
            yield manifest, "removes itself"


@check(
    "sync.E008",
    "Every document of a namespaced kind names its namespace.",
    hint="render metadata.namespace",
    because="Without it, the namespace depends on the client that applies the file.",
)
def namespaces_missing(inventory: Inventory) -> Offences:
    """Documents whose namespace depends on who applies them."""
    for manifest in inventory.manifests:
        is_namespaced = manifest.entry is None or manifest.entry.namespaced
        if is_namespaced and not manifest.namespace:
            yield manifest, "names no namespace"


@check(
    "sync.E010",
    "Only a Job is a hook.",
    hint="remove the hook annotation",
    because="A hook is neither compared nor self-healed, and is deleted by its delete policy: "
    "a volume or database with its data.",
)
def hooks_that_are_no_jobs(inventory: Inventory) -> Offences:
    """Hooks of any other kind, and Helm's."""
    for manifest in inventory.manifests:
        for key in manifest.annotations:
            if key.startswith(HELM_HOOK) or (
                key == HOOK and manifest.entry is not kinds.by_model(Job)
            ):
                yield manifest, f"is a hook ({key})"


@check(
    "sync.E011",
    "No object is synced with Replace or Force.",
    hint="remove Replace=true and Force=true from sync-options",
    because="Argo CD then deletes the object and creates it again where an update is refused: a gap"
    " for a Deployment, the end of a volume.",
)
def replaced_by_force(inventory: Inventory) -> Offences:
    """Objects and Applications with either option."""
    applications = {m: a.spec.sync_policy.sync_options for m, a in inventory.objects(Application)}
    for manifest in inventory.manifests:
        options = {*manifest.sync_options, *applications.get(manifest, ())}
        for option in sorted(options & {"Replace=true", "Force=true"}):
            yield manifest, f"is applied with {option}"


@check(
    "sync.E012",
    "The migrate Job migrates once, then runs its upgrade steps; pods wait for it, and never run"
    " Django's development server.",
    hint="render them with the project's constructs",
    because="Another command in the Job leaves the schema old; the development server serves with"
    " DEBUG's pages. Argo CD can mistake the previous sync's Job for the new one (its issue 10077):"
    " pods that do not wait would then run on an old schema.",
)
def commands_unexpected(inventory: Inventory) -> Offences:
    """Jobs with another command or parallel pods; other pods that do not wait, or that develop."""
    for job in inventory.migrations:
        if problem := _problem_of_migration(job):
            yield job.manifest, problem
    for workload in inventory.waiting:
        if problem := _problem_of_waiting(workload, inventory.migrations_of(workload)):
            yield workload.manifest, problem
    for manifest, job_object in inventory.objects(Job):
        if (job_object.spec.completions, job_object.spec.parallelism) != (1, 1):
            yield manifest, "runs in parallel"


def _problem_of_migration(job: Workload) -> str:
    """What a Job does that is not migrating, then other management commands."""
    launcher = job.launcher
    if not launcher:
        return f"runs {_commands(job)}"
    start = launcher.run()
    steps = [container.command or [] for container in job.in_order[1:]]
    other = [step for step in steps if step[: len(start)] != start or len(step) == len(start)]
    return f"runs {other}" if other else ""


def _problem_of_waiting(workload: Workload, migrations: Sequence[Workload]) -> str:
    """Why a pod may meet an old schema, or serve visitors as a developer."""
    if len(workload.pod.containers) != 1 or len(workload.pod.init_containers) != 1:
        return f"runs {_commands(workload)}"
    wait, main = workload.pod.init_containers[0], workload.pod.containers[0]
    pythons = {job.launcher.python for job in migrations if job.launcher} or {Launcher().python}
    if wait.command not in [Launcher(python=python).wait_for_migrations() for python in pythons]:
        return f"runs {_commands(workload)}"
    found = sorted(DEVELOPING.intersection(main.command or ()))
    return f"runs {' '.join(found)}" if found else ""


def _commands(workload: Workload) -> list[list[str] | None]:
    return [container.command for container in workload.containers]


@check(
    "sync.E009",
    "No object is rendered twice.",
    hint="remove or rename one",
    because="The later one wins, and Argo CD reports the earlier one as drift.",
)
def objects_rendered_twice(inventory: Inventory) -> Offences:
    """Objects of the same kind, namespace and name."""
    first: dict[tuple[str, str, str, str], str] = {}
    for manifest in inventory.manifests:
        place = f"{manifest.file}:{manifest.line}"
        if first.setdefault(manifest.key, place) != place:
            yield manifest, f"is at {first[manifest.key]} too"
