"""A run of a schedule now: a Job made from the rendered CronJob, as the CronJob makes its own."""

from __future__ import annotations

import copy
import time
from typing import Any

from ops.cluster.client import Cluster
from ops.documents.fleet import App
from ops.documents.manifest import Manifest
from ops.documents.workload import Workload
from ops.errors import OpsError, UsageError
from ops.kinds.cron_job import CronJob
from ops.kinds.description.health import State
from ops.kinds.job import Job, health
from ops.objects.base import Document
from railiance.annotations import SCHEDULE

MANUAL = {"cronjob.kubernetes.io/instantiate": "manual"}
"""The annotation of a Job that was not made by the CronJob itself."""


def schedules(app: App) -> dict[str, Manifest]:
    """The app's CronJobs by the name of their schedule."""
    return {
        Workload(manifest).component.removeprefix(SCHEDULE) or manifest.name: manifest
        for manifest in app.manifests(CronJob)
    }


def schedule(app: App, name: str) -> Manifest:
    """The CronJob of a schedule; UsageError if the app has none of that name."""
    known = schedules(app)
    found = known.get(name.removeprefix(SCHEDULE))
    if found is None:
        has = f"it has {', '.join(known)}" if known else "it has none"
        raise UsageError(f"{app.name} has no schedule {name!r}; {has}")
    return found


def runs_of(cron_job: Manifest, jobs: list[Job]) -> list[Job]:
    """The Jobs of a CronJob, oldest first, also those made by hand."""
    own = [
        job
        for job in jobs
        for owner in job.metadata.owner_references
        if (owner.kind, owner.name) == (cron_job.kind, cron_job.name)
    ]
    return sorted(own, key=lambda job: job.metadata.creation_timestamp)


def job(cluster: Cluster, manifest: Manifest) -> Document:
    """The Job of a run now.

    It belongs to the CronJob, as one of `kubectl create job --from` does: so it counts as its last
    success, and is deleted with the others. Raises OpsError if there is no CronJob, or if a Job of
    it runs and no two may.
    """
    live = cluster.get(CronJob, manifest.name, manifest.namespace)
    if live is None:
        raise OpsError(f"there is no {manifest}; `ops deploy` creates it")
    running = [
        one
        for one in runs_of(manifest, cluster.all(Job, manifest.namespace))
        if health(one).state is State.PROGRESSING
    ]
    if running and live.spec.concurrency_policy == "Forbid":
        name = running[-1].name
        stop = f"kubectl --namespace {manifest.namespace} delete job {name}"
        raise OpsError(
            f"Job {manifest.namespace}/{name} of the schedule runs since "
            f"{running[-1].metadata.creation_timestamp}, and only one may; wait, or stop it: {stop}"
        )
    return _document(manifest, live.metadata.uid)


def _document(manifest: Manifest, uid: str) -> Document:
    template: dict[str, Any] = copy.deepcopy(manifest.content["spec"]["jobTemplate"])
    metadata = template.get("metadata", {})
    pod_labels = template["spec"]["template"].get("metadata", {}).get("labels", {})
    owner = {
        "apiVersion": manifest.api_version,
        "kind": manifest.kind,
        "name": manifest.name,
        "uid": uid,
        "controller": True,
    }
    started = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    return {
        "apiVersion": manifest.api_version,
        "kind": "Job",
        "metadata": {
            "name": f"{manifest.name[:40]}-{started}",
            "namespace": manifest.namespace,
            "labels": metadata.get("labels") or pod_labels,
            "annotations": {**metadata.get("annotations", {}), **MANUAL},
            "ownerReferences": [owner],
        },
        "spec": template["spec"],
    }
