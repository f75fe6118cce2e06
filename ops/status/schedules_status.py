"""The schedules: when they run, how the last run ended, and when the next one is due."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ops.documents.fleet import App
from ops.documents.manifest import Manifest
from ops.kinds.cron_job import CronJob, CronJobSpec, health
from ops.kinds.description.health import State as Health
from ops.kinds.job import Job
from ops.manage.schedule_job import runs_of
from ops.manage.schedule_job import schedules as schedules_of
from ops.objects.times import moment
from ops.results.result import Result, State
from ops.status.absence import absent
from ops.status.migration_status import outcome_of
from ops.status.reading import Live
from railiance.cron import next_after, words

MINUTE = "%Y-%m-%d %H:%M %Z"


def schedules(app: App, live: Live) -> Result | None:
    """For each CronJob when it runs, its last run and success, and its next run.

    Failed if the last run of one has failed, or one is not there; None if the app has no schedules.
    """
    found = [_schedule(name, manifest, app, live) for name, manifest in schedules_of(app).items()]
    if not found:
        return None
    well = [one.id for one in found if one.state in (State.OK, State.IN_PROGRESS)]
    return Result(
        id="schedules",
        state=max((one.state for one in found), key=list(State).index),
        evidence=f"{len(well)} of {len(found)} are well",
        details=[f"{one.id}: {one.evidence}" for one in found],
        facts={"schedules": {one.id: {"state": one.state, **one.facts} for one in found}},
    )


def _schedule(name: str, manifest: Manifest, app: App, live: Live) -> Result:
    cron_job = live.typed(CronJob, manifest)
    if cron_job is None:
        return absent(name, manifest, app, live)
    spec, status = cron_job.spec, cron_job.status
    zone = spec.time_zone
    runs = runs_of(manifest, live.all_jobs.result())
    state, last = _last_run(cron_job, runs, zone)
    due = _due(spec, zone)
    success = _local(status.last_successful_time, zone)
    parts = [
        f"{_words(spec.schedule)} ({zone})",
        last,
        f"last success {success}" if success else "no success yet",
        f"next run {due:{MINUTE}}" if due else "no next run",
        *(["suspended"] if spec.suspend else []),
    ]
    return Result(
        id=name,
        state=state,
        evidence=", ".join(parts),
        facts={
            "last_run": runs[-1].metadata.creation_timestamp if runs else status.last_schedule_time,
            "last_success": status.last_successful_time,
            "next_run": due.isoformat() if due else None,
        },
    )


def _due(spec: CronJobSpec, zone: str) -> datetime | None:
    """The next run; None if it is suspended, or if its expression is none."""
    if spec.suspend:
        return None
    try:
        return next_after(spec.schedule, zone, datetime.now(UTC))
    except ValueError:
        return None


def _words(expression: str) -> str:
    """The expression in words; itself if it is none."""
    try:
        return words(expression)
    except ValueError:
        return expression


def _last_run(cron_job: CronJob, runs: list[Job], zone: str) -> tuple[State, str]:
    """How the last run ended: by its Job, or without one by what the CronJob reports."""
    if runs:
        state, how = outcome_of(runs[-1])
        started = _local(runs[-1].metadata.creation_timestamp, zone)
        return state, f"last run {started} {how}"
    found = health(cron_job)
    if found.state is Health.DEGRADED:
        return State.FAILED, found.message
    scheduled = _local(cron_job.status.last_schedule_time, zone)
    return State.OK, f"last run {scheduled}" if scheduled else "has not run yet"


def _local(text: str, zone: str) -> str:
    """A time in the schedule's zone; empty if there is none."""
    found = moment(text)
    return f"{found.astimezone(ZoneInfo(zone)):{MINUTE}}" if found else ""
