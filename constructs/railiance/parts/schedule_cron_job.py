"""The CronJob of a schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from railiance.annotations import IGNORE_HEALTH, SCHEDULE
from railiance.django_app import DjangoApp
from railiance.metadata import labels, object_meta
from railiance.parts.pod import Pods
from railiance.parts.typed_object import TypedObject
from railiance.processes import Schedule
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import CronJobSpec

KEPT_SUCCESSFUL, KEPT_FAILED = 1, 3


class ScheduleCronJob(TypedObject):
    """A command at set times, each run in a pod of its own, which waits for migrations.

    A run is not retried; the last successful and the last three failed runs stay, with their logs.
    From Argo CD 3.2 a failed run makes a CronJob Degraded. The annotation keeps that from the
    Application's health, and the last wave from the sync, which does not heed the annotation.
    Source: Kubernetes, "CronJob"; Argo CD 3.6, resource_customizations/batch/CronJob,
    controller/health.go and gitops-engine/pkg/sync/sync_context.go.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, app: DjangoApp, schedule: Schedule, pods: Pods
    ) -> None:
        component = f"{SCHEDULE}{schedule.name}"
        command = schedule.command or (*pods.launcher.command, *schedule.manage)
        pod = pods.waiting_spec(pods.container("schedule", schedule.resources, command))
        pod["restartPolicy"] = "Never"
        spec: CronJobSpec = {
            "schedule": schedule.cron,
            "timeZone": schedule.time_zone,
            "concurrencyPolicy": schedule.concurrency,
            "startingDeadlineSeconds": schedule.start_deadline_seconds,
            "successfulJobsHistoryLimit": KEPT_SUCCESSFUL,
            "failedJobsHistoryLimit": KEPT_FAILED,
            "jobTemplate": {
                "metadata": {"labels": labels(app, component)},
                "spec": {
                    "activeDeadlineSeconds": schedule.timeout_seconds,
                    "backoffLimit": 0,
                    "completions": 1,
                    "parallelism": 1,
                    "template": {"metadata": pods.meta(component), "spec": pod},
                },
            },
        }
        super().__init__(
            scope,
            construct_id,
            api_version="batch/v1",
            kind="CronJob",
            metadata=object_meta(
                app,
                f"{app.name}-{schedule.name}",
                component,
                Wave.SCHEDULES,
                annotations={IGNORE_HEALTH: "true"},
            ),
            spec=spec,
        )
