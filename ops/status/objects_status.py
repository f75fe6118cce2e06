"""The objects that no other line is about."""

from __future__ import annotations

from ops import kinds
from ops.documents.fleet import App
from ops.documents.manifest import Manifest
from ops.kinds.certificate import Certificate
from ops.kinds.cron_job import CronJob
from ops.kinds.database import Database
from ops.kinds.deployment import Deployment
from ops.kinds.description.health import State as Health
from ops.kinds.ingress import Ingress
from ops.kinds.job import Job
from ops.kinds.persistent_volume_claim import PersistentVolumeClaim
from ops.results.result import Result, State
from ops.status.absence import absent
from ops.status.reading import Live

REPORTED = (Certificate, CronJob, Database, Deployment, Ingress, Job, PersistentVolumeClaim)
"""Kinds that have a line of their own."""
_STATES = {
    Health.HEALTHY: State.OK,
    Health.PROGRESSING: State.IN_PROGRESS,
    Health.DEGRADED: State.FAILED,
}


def objects(app: App, live: Live) -> Result:
    """Whether every other object that has a health is there and healthy, such as a StatefulSet."""
    reported = [kinds.by_model(model) for model in REPORTED]
    others = [
        manifest
        for manifest in app.documents
        if manifest.entry and manifest.entry.health and manifest.entry not in reported
    ]
    found = {manifest: _health(manifest, app, live) for manifest in others}
    bad = {m: (state, why) for m, (state, why) in found.items() if state is not State.OK}
    worst = max((state for state, _ in bad.values()), key=list(State).index, default=State.OK)
    return Result(
        id="objects",
        state=worst,
        evidence=f"{len(others) - len(bad)} of {len(others)} others are healthy",
        details=[f"{manifest}: {why}" for manifest, (_, why) in bad.items()],
        facts={"objects": {str(manifest): state for manifest, (state, _) in found.items()}},
    )


def _health(manifest: Manifest, app: App, live: Live) -> tuple[State, str]:
    found = live.find(manifest)
    if found is None:
        line = absent("objects", manifest, app, live)
        return line.state, line.evidence
    return _STATES[found.health.state], found.health.message
