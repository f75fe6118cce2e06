"""The Deployment of a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from railiance.annotations import WORKER
from railiance.django_app import DjangoApp
from railiance.metadata import component_labels, object_meta
from railiance.parts.pod import Pods
from railiance.parts.typed_object import TypedObject
from railiance.parts.web_deployment import MARGIN_SECONDS
from railiance.processes import Heartbeat, Worker
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import Container, DeploymentSpec, DeploymentStrategy, Probe

HEARTBEAT_IS_RECENT = (
    "import os, sys, time; sys.exit(time.time() - os.stat(sys.argv[1]).st_mtime > int(sys.argv[2]))"
)
"""Exits with 0 while the file is younger than so many seconds."""
OLD_REVISIONS = 5
PERIOD_SECONDS = 15
STARTUP_SECONDS = 120


class WorkerDeployment(TypedObject):
    """Pods of a worker, which nobody reaches and which wait for migrations as web pods do.

    An ending pod has the longest task's time to finish, and 5 s. A pod is ready as soon as its
    process runs. With a heartbeat, a container whose file is too old is restarted; the file must
    be there within two minutes of the start.
    Source: Kubernetes, "Pod Lifecycle", "Deployments".
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, app: DjangoApp, worker: Worker, pods: Pods
    ) -> None:
        component = f"{WORKER}{worker.name}"
        pod = pods.waiting_spec(_container(pods, worker))
        pod["terminationGracePeriodSeconds"] = worker.longest_task_seconds + MARGIN_SECONDS
        spec: DeploymentSpec = {
            "replicas": worker.replicas,
            "revisionHistoryLimit": OLD_REVISIONS,
            "progressDeadlineSeconds": 300 + worker.longest_task_seconds,
            "selector": {"matchLabels": component_labels(app, component)},
            "strategy": _strategy(worker),
            "template": {"metadata": pods.meta(component), "spec": pod},
        }
        super().__init__(
            scope,
            construct_id,
            api_version="apps/v1",
            kind="Deployment",
            metadata=object_meta(app, f"{app.name}-{worker.name}", component, Wave.WEB),
            spec=spec,
        )


def _strategy(worker: Worker) -> DeploymentStrategy:
    if worker.single:
        return {"type": "Recreate"}
    return {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}


def _container(pods: Pods, worker: Worker) -> Container:
    command = worker.command or (*pods.launcher.command, *worker.manage)
    container = pods.container("worker", worker.resources, command)
    if worker.heartbeat:
        container["startupProbe"] = _probe(
            pods, worker.heartbeat, STARTUP_SECONDS // PERIOD_SECONDS
        )
        container["livenessProbe"] = _probe(pods, worker.heartbeat, failure_threshold=1)
    return container


def _probe(pods: Pods, heartbeat: Heartbeat, failure_threshold: int) -> Probe:
    script = [pods.launcher.python, "-c", HEARTBEAT_IS_RECENT]
    return {
        "exec": {"command": [*script, heartbeat.path, str(heartbeat.max_age_seconds)]},
        "periodSeconds": PERIOD_SECONDS,
        "timeoutSeconds": 10,
        "successThreshold": 1,
        "failureThreshold": failure_threshold,
    }
