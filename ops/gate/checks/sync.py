"""The order in which Argo CD applies, and what it may take away."""

from collections import defaultdict
from itertools import pairwise
from pathlib import Path

from ops.gate.checks.database import KEPT, sync_options
from ops.gate.inventory import Inventory
from ops.gate.policy import Offences, check
from ops.manifests import Manifest
from railiance.manage import MIGRATE, WAIT_FOR_MIGRATIONS

HOOK = "argocd.argoproj.io/hook"
HOOK_DELETE = "argocd.argoproj.io/hook-delete-policy"
HELM_HOOK = "helm.sh/hook"
"""Argo CD takes Helm's hooks for its own."""
MOST_SECONDS, MOST_TRIES = 3600, 6

ORDER = (
    ("Namespace",),
    ("Database", "ServiceAccount", "NetworkPolicy"),
    ("Job",),
    ("Deployment",),
    ("Ingress",),
)
"""What must be in an earlier wave than what, within an app; the Certificate has exposure.E003."""

CLUSTER_WIDE = {"Namespace", "ClusterRole", "ClusterRoleBinding", "ClusterIssuer"}


@check(
    "sync.E001",
    "Every document says its sync wave.",
    hint="annotate it with argocd.argoproj.io/sync-wave",
    because="Within a wave Argo CD applies by kind, custom resources last and Jobs after"
    " Deployments: not the order that an app needs.",
)
def waves_missing(inventory: Inventory) -> Offences:
    """Documents without a wave, or with one that is no number."""
    for manifest in inventory.manifests:
        if manifest.wave is None:
            yield manifest, "has no wave"


@check(
    "sync.E002",
    "A Job is a Sync hook that is deleted before it is created anew.",
    hint="annotate it with hook: Sync and hook-delete-policy: BeforeHookCreation",
    because="A plain Job cannot take a new image; a PreSync hook runs before the Database exists;"
    " HookSucceeded alone leaves a failed Job in the way (Argo CD, «Resource Hooks»).",
)
def jobs_that_stick(inventory: Inventory) -> Offences:
    """Jobs that would block a sync."""
    for job in inventory.of("Job"):
        found = (job.annotations.get(HOOK), job.annotations.get(HOOK_DELETE))
        if found != ("Sync", "BeforeHookCreation"):
            yield job, f"hook {found[0]!r}, delete policy {found[1]!r}"


@check(
    "sync.E003",
    "A volume claim is in the wave of the pods that mount it.",
    hint="give the claim its Deployment's wave, and mount it in no earlier pod",
    because="A claim that waits for its first consumer is bound only by a pod: in an earlier wave"
    " it waits for ever, and a pod in an earlier wave waits for it.",
)
def claims_that_deadlock(inventory: Inventory) -> Offences:
    """Claims and pods that would wait for each other."""
    for workload in inventory.workloads:
        for claim in inventory.of("PersistentVolumeClaim", workload.manifest.namespace):
            if claim.name in workload.claims and claim.wave != workload.manifest.wave:
                yield (
                    claim,
                    f"wave {claim.wave}, {workload.manifest} is in {workload.manifest.wave}",
                )


@check(
    "sync.E004",
    "Namespace, then foundations, then migration, then pods, then exposure.",
    hint="take the waves from railiance.waves",
    because="New code never meets an old schema, and nothing waits for what comes later.",
)
def waves_out_of_order(inventory: Inventory) -> Offences:
    """Documents that are not later than what they need."""
    databases: dict[Path, list[Manifest]] = defaultdict(list)
    for database in inventory.of("Database"):
        databases[database.file].append(database)
    for namespace in inventory.of("Namespace"):
        found = {
            kind: [m for m in inventory.of(kind, namespace.name) if m.wave is not None]
            for kinds in ORDER[1:]
            for kind in kinds
        }
        found["Namespace"] = [namespace] if namespace.wave is not None else []
        found["Database"] = [m for m in databases[namespace.file] if m.wave is not None]
        for earlier, later in pairwise(ORDER):
            before = [m for kind in earlier for m in found[kind]]
            for manifest in (m for kind in later for m in found[kind]):
                for other in before:
                    if manifest.wave <= other.wave:  # type: ignore[operator]
                        yield manifest, f"wave {manifest.wave} is not after {other} ({other.wave})"


@check(
    "sync.E005",
    "A volume claim is neither pruned by a sync nor deleted with its Application.",
    hint="annotate it with sync-options: Prune=false,Delete=false",
    because="No data is ever lost by a sync; the node's storage deletes a volume with its claim.",
)
def claims_pruned(inventory: Inventory) -> Offences:
    """Claims without both options."""
    for claim in inventory.of("PersistentVolumeClaim"):
        if not sync_options(claim) >= KEPT:
            yield claim, "may be pruned or deleted"


@check(
    "sync.E006",
    "A Namespace is pruned only after a confirmation, and not deleted with its Application.",
    hint="annotate it with sync-options: Prune=confirm,Delete=false",
    because="A Namespace takes everything in it along, volumes too.",
)
def namespaces_pruned(inventory: Inventory) -> Offences:
    """Namespaces that a sync could remove by itself."""
    accepted = ({"Prune=confirm", "Delete=false"}, KEPT)
    for namespace in inventory.of("Namespace"):
        if not any(sync_options(namespace) >= options for options in accepted):
            yield namespace, "may be pruned or deleted unasked"


@check(
    "sync.E007",
    "A Job is bounded in time and tries, and stays until the next sync.",
    hint="set activeDeadlineSeconds and backoffLimit, and no ttlSecondsAfterFinished",
    because="A sync waits for its hook; one that vanishes has hung syncs, and takes its log along.",
)
def jobs_unbounded(inventory: Inventory) -> Offences:
    """Jobs that could go on for ever, or be gone before anyone looked."""
    for job in inventory.of("Job"):
        seconds, tries = job.spec.get("activeDeadlineSeconds"), job.spec.get("backoffLimit")
        if seconds is None or seconds > MOST_SECONDS:
            yield job, f"activeDeadlineSeconds is {seconds}, at most {MOST_SECONDS}"
        if tries is None or tries > MOST_TRIES:
            yield job, f"backoffLimit is {tries}, at most {MOST_TRIES}"
        if "ttlSecondsAfterFinished" in job.spec:
            yield job, "removes itself"


@check(
    "sync.E008",
    "Every document of a namespaced kind names its namespace.",
    hint="render metadata.namespace",
    because="Without it the object lands wherever the reader of the file happens to be.",
)
def namespaces_missing(inventory: Inventory) -> Offences:
    """Documents that leave the namespace to whoever applies them."""
    for manifest in inventory.manifests:
        if not manifest.namespace and manifest.kind not in CLUSTER_WIDE:
            yield manifest, "names no namespace"


@check(
    "sync.E010",
    "Only a Job is a hook.",
    hint="remove the hook annotation",
    because="What is a hook is neither compared nor healed, and is deleted by its policy: a volume"
    " or database along with what is in it.",
)
def hooks_that_are_no_jobs(inventory: Inventory) -> Offences:
    """Hooks of any other kind, and Helm's."""
    for manifest in inventory.manifests:
        for key in manifest.annotations:
            if key.startswith(HELM_HOOK) or (key == HOOK and manifest.kind != "Job"):
                yield manifest, f"is a hook ({key})"


@check(
    "sync.E011",
    "Nothing is replaced or forced.",
    hint="remove Replace=true and Force=true from sync-options",
    because="Argo CD then deletes the object and creates it anew where an update is refused: a gap"
    " for a Deployment, the end of a volume.",
)
def replaced_by_force(inventory: Inventory) -> Offences:
    """Objects and Applications with either option."""
    for manifest in inventory.manifests:
        policy = manifest.spec.get("syncPolicy") if manifest.kind == "Application" else None
        options = sync_options(manifest) | set((policy or {}).get("syncOptions") or [])
        for option in sorted(options & {"Replace=true", "Force=true"}):
            yield manifest, f"is applied with {option}"


@check(
    "sync.E012",
    "The migrate Job migrates, once; web pods wait for it, and start as their image says.",
    hint="render both with the project's constructs",
    because="Another command in the Job leaves the schema old; one in the web pods can serve with"
    " DEBUG, or Django's own server. Argo CD can take the Job of the sync before for the new one"
    " (its issue 10077): pods that do not wait then meet an old schema.",
)
def commands_unexpected(inventory: Inventory) -> Offences:
    """Jobs with another command or parallel pods; Deployments with one, or that do not wait."""
    for workload in inventory.workloads:
        is_job = workload.manifest.kind == "Job"
        expected = [MIGRATE] if is_job else [None, WAIT_FOR_MIGRATIONS]
        found = [container.get("command") for container in workload.containers]
        if found != expected:
            yield workload.manifest, f"runs {found}"
    for job in inventory.of("Job"):
        if (job.spec.get("completions", 1), job.spec.get("parallelism", 1)) != (1, 1):
            yield job, "runs in parallel"


@check(
    "sync.E009",
    "No object is rendered twice.",
    hint="remove or rename one",
    because="The later one would win, and Argo CD reports the earlier as drift.",
)
def objects_rendered_twice(inventory: Inventory) -> Offences:
    """Objects of the same kind, namespace and name."""
    first: dict[tuple[str, str, str, str], str] = {}
    for manifest in inventory.manifests:
        key = (manifest.group, manifest.kind, manifest.namespace, manifest.name)
        place = f"{manifest.file}:{manifest.line}"
        if first.setdefault(key, place) != place:
            yield manifest, f"stands at {first[key]} too"
