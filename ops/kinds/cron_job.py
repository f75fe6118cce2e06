"""CronJob: a command of an app that runs at set times."""

from datetime import UTC, datetime
from typing import Any

from ops.kinds.description.changes import other_volume
from ops.kinds.description.effect import Effect
from ops.kinds.description.health import HEALTHY, Health, State
from ops.kinds.description.kind import Data, Kind, Owner, Pods, Stage, Tree, no_references
from ops.kinds.description.pod_fields import template
from ops.kinds.description.rule import CREATED, Rule
from ops.kinds.description.sources import CRON_JOBS
from ops.kinds.job import JobSpec
from ops.objects.base import Object, Part
from ops.objects.pod_spec import PodTemplate
from railiance.cron import expression, next_after, time_zone, words


class JobTemplate(Part, frozen=True):
    """What each of its Jobs is made from."""

    spec: JobSpec = JobSpec()


class CronJobSpec(Part, frozen=True):
    """What runs, and when."""

    schedule: str = ""
    time_zone: str = "Etc/UTC"
    concurrency_policy: str = "Allow"
    starting_deadline_seconds: int | None = None
    suspend: bool = False
    job_template: JobTemplate = JobTemplate()


class CronJobStatus(Part, frozen=True):
    """Its last runs."""

    active: list[dict[str, Any]] = []
    last_schedule_time: str = ""
    last_successful_time: str = ""


class CronJob(Object, frozen=True):
    """A CronJob."""

    spec: CronJobSpec = CronJobSpec()
    status: CronJobStatus = CronJobStatus()


def health(cron_job: CronJob) -> Health:
    """Degraded if a run failed after one had succeeded; healthy before, and while one runs.

    Source: Argo CD, resource_customizations/batch/CronJob/health.lua.
    """
    status = cron_job.status
    if status.active or not status.last_successful_time:
        return HEALTHY
    if status.last_successful_time < status.last_schedule_time:
        message = f"the run of {status.last_schedule_time} has not succeeded"
        return Health(State.DEGRADED, message, is_retried=True)
    return HEALTHY


def pod_template(cron_job: CronJob) -> PodTemplate:
    """The template of the pods of its Jobs."""
    return cron_job.spec.job_template.spec.template


def times(old: CronJob | None, new: CronJob) -> str:
    """When it ran and will run, in words, and its next run from now; empty if that is not valid."""
    try:
        after = f"{_in_words(new)}, next {_next_run(new)}"
        return f"{_in_words(old)} → {after}" if old else after
    except ValueError:
        return ""


def _in_words(cron_job: CronJob) -> str:
    spec = cron_job.spec
    expression(spec.schedule)
    return f"{words(spec.schedule)} ({spec.time_zone})"


def _next_run(cron_job: CronJob) -> str:
    spec = cron_job.spec
    time_zone(spec.time_zone)
    return f"{next_after(spec.schedule, spec.time_zone, datetime.now(UTC)):%Y-%m-%d %H:%M}"


KIND = Kind(
    kind="CronJob",
    group="batch",
    version="v1",
    plural="cronjobs",
    namespaced=True,
    model=CronJob,
    owner=Owner.APP,
    fields=Tree.from_paths(
        *("spec.schedule", "spec.timeZone", "spec.concurrencyPolicy", "spec.suspend"),
        *("spec.startingDeadlineSeconds", "spec.successfulJobsHistoryLimit"),
        *("spec.failedJobsHistoryLimit", "spec.jobTemplate.metadata.labels.*"),
        *("spec.jobTemplate.spec.activeDeadlineSeconds", "spec.jobTemplate.spec.backoffLimit"),
        *("spec.jobTemplate.spec.completions", "spec.jobTemplate.spec.parallelism"),
        "spec.jobTemplate.spec.ttlSecondsAfterFinished",
        *template("spec", "jobTemplate", "spec"),
    ),
    guarded=False,
    needed=False,
    stage=Stage.SCHEDULES,
    kept=(),
    pods=Pods(
        template=pod_template,
        labels=lambda cron_job: pod_template(cron_job).metadata.labels,
        rollout=None,
        ends=lambda _: "a run in progress is ended",
    ),
    refers_to=no_references,
    holds=Data.NONE,
    health=health,
    apply_order=31,
    recreated=Effect.IN_PLACE,
    changes=(
        other_volume("spec.jobTemplate.spec.template"),
        Rule(
            "spec.schedule spec.timeZone",
            Effect.IN_PLACE,
            "it runs at other times",
            f"{CRON_JOBS}#schedule-syntax",
            detail=times,
        ),
        Rule(
            "spec",
            Effect.IN_PLACE,
            "takes effect at its next run; a run in progress is not changed",
            CRON_JOBS,
        ),
        Rule(CREATED, Effect.CREATED, "it is new", CRON_JOBS, detail=times),
    ),
)
