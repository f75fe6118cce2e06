"""Schedules and Valkey: what they may take, and what they may not decide."""

from ops.gate.inventory import Inventory
from ops.gate.policy import Offences, check
from ops.kinds.cron_job import CronJob, CronJobSpec
from railiance.annotations import IGNORE_HEALTH
from railiance.cron import expression
from railiance.valkey_access import PASSWORD_FILE, PASSWORD_FOLDER

LONGEST_SECONDS = 24 * 3600
PASSWORD = f"{PASSWORD_FOLDER}/{PASSWORD_FILE}"


@check(
    "processes.E001",
    "A CronJob has a schedule that comes up, and bounds its runs.",
    hint="declare it as a Schedule",
    because="Without a deadline a run that hangs keeps all later ones from starting; Kubernetes"
    " gives up a CronJob without startingDeadlineSeconds after 100 missed runs.",
)
def schedules_unbounded(inventory: Inventory) -> Offences:
    """CronJobs that never run, or whose runs may never end."""
    for manifest, cron_job in inventory.objects(CronJob):
        spec = cron_job.spec
        try:
            expression(spec.schedule)
        except ValueError as error:
            yield manifest, str(error)
        if problem := _unbounded(spec):
            yield manifest, problem


def _unbounded(spec: CronJobSpec) -> str:
    seconds, start = spec.job_template.spec.active_deadline_seconds, spec.starting_deadline_seconds
    if seconds is None or seconds > LONGEST_SECONDS:
        return f"activeDeadlineSeconds is {seconds}, at most {LONGEST_SECONDS}"
    if start is None or start > LONGEST_SECONDS:
        return f"startingDeadlineSeconds is {start}, at most {LONGEST_SECONDS}"
    return ""


@check(
    "processes.E002",
    "A failed run of a CronJob does not make the Application Degraded.",
    hint=f'annotate it with {IGNORE_HEALTH}: "true"',
    because="From 3.2 Argo CD judges a CronJob by its last Job, so that one failed run would end"
    " each deploy; `ops status` shows the run instead.",
)
def schedules_judged(inventory: Inventory) -> Offences:
    """CronJobs without the annotation."""
    for manifest, _ in inventory.objects(CronJob):
        if manifest.annotations.get(IGNORE_HEALTH) != "true":
            yield manifest, "decides the Application's health"


@check(
    "processes.E003",
    "Only a CronJob's health is ignored.",
    hint="remove the annotation",
    because="Its failure would not show in the Application's health.",
)
def health_ignored(inventory: Inventory) -> Offences:
    """Other objects with the annotation."""
    schedules = {manifest for manifest, _ in inventory.objects(CronJob)}
    for manifest in inventory.manifests:
        if IGNORE_HEALTH in manifest.annotations and manifest not in schedules:
            yield manifest, "is not judged"


@check(
    "processes.E004",
    "Valkey has a password and a memory limit, and stores what may not be lost.",
    hint="declare it as Valkey",
    because="Without maxmemory it takes the node's memory; with eviction tasks disappear from a"
    " queue; without a volume a restart loses them.",
)
def valkey_unsafe(inventory: Inventory) -> Offences:
    """Valkey without these, or a queue without a volume."""
    for workload in inventory.valkey:
        for container in workload.pod.containers:
            command = container.command or []
            options = dict(zip(command[2::2], command[3::2], strict=False))
            if command[:2] != ["valkey-server", PASSWORD] or "--requirepass" in options:
                yield workload.manifest, "does not read its password from the Secret"
            if not options.get("--maxmemory", "0").strip("0"):
                yield workload.manifest, "has no maxmemory"
            keeps = options.get("--appendonly") == "yes"
            if keeps is not (options.get("--maxmemory-policy") == "noeviction"):
                yield workload.manifest, "evicts keys that it stores, or stores none of those kept"
            if keeps and not workload.pod.claims:
                yield workload.manifest, "has no volume for its file"
