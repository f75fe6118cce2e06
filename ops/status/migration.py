"""The last migration of the database."""

from __future__ import annotations

from datetime import datetime

from ops.cluster.kinds import Document
from ops.cluster.reported import condition, moment, status_of
from ops.rendered import App
from ops.status.item import Item, Verdict
from ops.status.live import Live


def last(app: App, live: Live) -> Item:
    """How the last migrate Job ended, when, and how long it took."""
    jobs = sorted(live.jobs.result(), key=lambda job: str(job["metadata"]["creationTimestamp"]))
    if not jobs:
        return Item("migration", Verdict.UNKNOWN, f"{app.namespace} has no migrate Job")
    job = jobs[-1]
    verdict, text = _outcome(job)
    started, finished = moment(status_of(job).get("startTime")), _finished(job)
    took = (finished - started).total_seconds() if started and finished else None
    return Item(
        "migration",
        verdict,
        f"{job['metadata']['name']} {text}" + (f" in {took:.0f} s" if took is not None else ""),
        since=finished or started,
        facts={"job": job["metadata"]["name"], "seconds": took},
    )


def _outcome(job: Document) -> tuple[Verdict, str]:
    failed = condition(job, "Failed")
    if failed.get("status") == "True":
        return Verdict.WRONG, f"failed: {failed.get('reason')}: {failed.get('message')}"
    if condition(job, "Complete").get("status") == "True":
        return Verdict.OK, "succeeded"
    tries = int(status_of(job).get("failed") or 0)
    return Verdict.UNDER_WAY, f"goes on, {tries} tries failed" if tries else "goes on"


def _finished(job: Document) -> datetime | None:
    ended = condition(job, "Failed") or {}
    return moment(status_of(job).get("completionTime") or ended.get("lastTransitionTime"))
