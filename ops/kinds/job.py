"""Job: the migration, as a hook of each sync."""

from ops.kinds.description.changes import NEW
from ops.kinds.description.effect import Effect
from ops.kinds.description.health import HEALTHY, Health, State
from ops.kinds.description.kind import (
    Data,
    Kind,
    Owner,
    Pods,
    Stage,
    Tree,
    ends_silently,
    no_references,
)
from ops.kinds.description.pod_fields import template
from ops.kinds.description.rule import Rule
from ops.kinds.description.sources import BATCH_VALIDATION, JOBS
from ops.objects.base import Object, Part, Status
from ops.objects.pod_spec import PodTemplate

JOB_NAME = "batch.kubernetes.io/job-name"
"""The label by which a Job's pods are found."""


class JobSpec(Part, frozen=True):
    """What runs once, and within which bounds."""

    template: PodTemplate = PodTemplate()
    active_deadline_seconds: int | None = None
    backoff_limit: int | None = None
    ttl_seconds_after_finished: int | None = None
    completions: int = 1
    parallelism: int = 1


class JobStatus(Status, frozen=True):
    """How far a Job is."""

    failed: int = 0
    start_time: str = ""
    completion_time: str = ""


class Job(Object, frozen=True):
    """A Job."""

    spec: JobSpec = JobSpec()
    status: JobStatus = JobStatus()


def health(job: Job) -> Health:
    """Healthy once it is complete."""
    failed = job.status.condition("Failed")
    if failed.status == "True":
        return Health(State.DEGRADED, failed.message or failed.reason)
    if job.status.condition("Complete").status == "True":
        return HEALTHY
    return Health(State.PROGRESSING, "running")


KIND = Kind(
    kind="Job",
    group="batch",
    version="v1",
    plural="jobs",
    namespaced=True,
    model=Job,
    owner=Owner.APP,
    fields=Tree.from_paths(
        *("spec.activeDeadlineSeconds", "spec.backoffLimit", "spec.completions"),
        *("spec.parallelism", "spec.ttlSecondsAfterFinished"),
        *template("spec"),
    ),
    guarded=False,
    needed=True,
    stage=Stage.MIGRATION,
    kept=(),
    pods=Pods(
        template=lambda job: job.spec.template,
        labels=lambda job: {JOB_NAME: job.name},
        rollout=None,
        ends=ends_silently,
    ),
    refers_to=no_references,
    holds=Data.NONE,
    health=health,
    apply_order=30,
    recreated=Effect.MIGRATES,
    changes=(
        Rule(
            "spec.template spec.selector spec.completions spec.completionMode"
            " spec.podFailurePolicy spec.successPolicy spec.backoffLimitPerIndex spec.managedBy",
            Effect.REFUSED,
            "immutable once the Job exists; use a hook or another name to get a new Job",
            BATCH_VALIDATION,
        ),
        Rule(
            "spec.activeDeadlineSeconds spec.backoffLimit spec.parallelism spec.suspend"
            " spec.ttlSecondsAfterFinished spec.maxFailedIndexes spec.manualSelector"
            " spec.podReplacementPolicy",
            Effect.IN_PLACE,
            "applies to the current run; a finished Job does not run again",
            JOBS,
        ),
        NEW,
    ),
)
