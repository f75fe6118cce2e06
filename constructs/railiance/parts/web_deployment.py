"""The web Deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from railiance.django_app import DjangoApp
from railiance.metadata import Component, component_labels, object_meta
from railiance.parts.pod import Pods
from railiance.parts.typed_object import TypedObject
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import Container, DeploymentSpec, PodSpec, Probe

PRE_STOP_SECONDS = 10
"""How long a terminating pod keeps serving, until no proxy sends requests to it any more."""
MARGIN_SECONDS = 5
STARTUP_FAILURES, STARTUP_PERIOD_SECONDS = 60, 2
LIVENESS_PERIOD_SECONDS, LIVENESS_FAILURES = 10, 30
"""A health path that queries the database fails while the database is down, and restarting the web
container would prolong the outage: so liveness tolerates a restart of the database."""
OLD_REVISIONS = 5


class WebDeployment(TypedObject):
    """Web pods with startup, readiness and liveness probes, rolled without downtime.

    The init container wait-for-migrations holds a pod until the database has every migration of its
    image, and logs why it waits. So new code never runs on an old schema, in whatever order objects
    are applied, nor after a restore.
    The new pod must be ready before the old one is terminated (maxUnavailable 0, maxSurge 1).
    The old pod keeps serving for 10 s, then gunicorn has its graceful timeout to finish requests,
    and 5 s later the pod is killed. The startup probe allows two minutes; the liveness probe
    restarts a container after five minutes without an answer, the readiness probe takes the pod out
    of the Service after 15 s.
    Source: Kubernetes, "Pod Lifecycle"; gunicorn, "Settings", graceful_timeout.
    """

    port_name = "http"

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        app: DjangoApp,
        pods: Pods,
    ) -> None:
        self.pod_labels = component_labels(app, Component.WEB)
        spec: DeploymentSpec = {
            "replicas": app.replicas,
            "revisionHistoryLimit": OLD_REVISIONS,
            "progressDeadlineSeconds": 300,
            "selector": {"matchLabels": self.pod_labels},
            "strategy": {
                "type": "RollingUpdate",
                "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1},
            },
            "template": {
                "metadata": pods.meta(Component.WEB),
                "spec": _web_pod(pods),
            },
        }
        super().__init__(
            scope,
            construct_id,
            api_version="apps/v1",
            kind="Deployment",
            metadata=object_meta(app, app.name, Component.WEB, Wave.WEB),
            spec=spec,
        )


def _web_pod(pods: Pods) -> PodSpec:
    spec = pods.waiting_spec(_web_container(pods))
    spec["terminationGracePeriodSeconds"] = (
        PRE_STOP_SECONDS + pods.app.graceful_timeout_seconds + MARGIN_SECONDS
    )
    return spec


def _web_container(pods: Pods) -> Container:
    app = pods.app
    web = pods.container("web", app.resources, app.web_command)
    web["ports"] = [{"name": WebDeployment.port_name, "containerPort": app.port, "protocol": "TCP"}]
    web["startupProbe"] = _probe(app, STARTUP_PERIOD_SECONDS, STARTUP_FAILURES)
    web["readinessProbe"] = _probe(app, period_seconds=5, failure_threshold=3)
    web["livenessProbe"] = _probe(app, LIVENESS_PERIOD_SECONDS, LIVENESS_FAILURES)
    web["lifecycle"] = {"preStop": {"sleep": {"seconds": PRE_STOP_SECONDS}}}
    return web


def _probe(app: DjangoApp, period_seconds: int, failure_threshold: int) -> Probe:
    """Sends the same headers as the ingress controller.

    Without the Host header Django answers 400; without X-Forwarded-Proto it redirects to another
    host, which the kubelet counts as success.
    """
    return {
        "httpGet": {
            "path": app.health_path,
            "port": WebDeployment.port_name,
            "scheme": "HTTP",
            "httpHeaders": [
                {"name": "Host", "value": app.host},
                {"name": "X-Forwarded-Proto", "value": "https"},
            ],
        },
        "periodSeconds": period_seconds,
        "timeoutSeconds": 5,
        "successThreshold": 1,
        "failureThreshold": failure_threshold,
    }
