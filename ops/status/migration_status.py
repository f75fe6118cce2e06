"""The last migration of the database."""

from __future__ import annotations

from datetime import datetime

from ops.documents.fleet import App
from ops.kinds.job import Job
from ops.objects.times import moment
from ops.results.result import Result, State
from ops.status.argocd_status import is_syncing
from ops.status.reading import Live


def last(app: App, live: Live) -> Result:
    """How the last migrate Job ended, when, and how long it took."""
    jobs = live.jobs("migrate")
    if not jobs:
        evidence = f"{app.namespace} has no migrate Job"
        state = State.IN_PROGRESS if is_syncing(app, live) else State.UNKNOWN
        return Result(id="migration", state=state, evidence=evidence)
    job = jobs[-1]
    state, evidence = outcome_of(job)
    started, ended = moment(job.status.start_time), finished(job)
    took = (ended - started).total_seconds() if started and ended else None
    return Result(
        id="migration",
        state=state,
        evidence=f"{job.name} {evidence}" + (f" in {took:.0f} s" if took is not None else ""),
        since=ended or started,
        facts={"job": job.name, "seconds": took},
    )


def outcome_of(job: Job) -> tuple[State, str]:
    """How a Job ended, or that it runs."""
    failed = job.status.condition("Failed")
    if failed.status == "True":
        return State.FAILED, f"failed: {failed.reason}: {failed.message}"
    if job.status.condition("Complete").status == "True":
        return State.OK, "succeeded"
    tries = job.status.failed
    return State.IN_PROGRESS, f"is running, {tries} attempts failed" if tries else "is running"


def finished(job: Job) -> datetime | None:
    """When a Job ended."""
    ended = job.status.condition("Failed")
    return moment(job.status.completion_time or ended.last_transition_time)
