"""What visitors see instead of the app during maintenance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from railiance import maintenance
from railiance.metadata import PRUNE_LAST, Component, component_labels, object_meta
from railiance.parts.pod import Pods
from railiance.parts.typed_object import TypedObject
from railiance.parts.web_deployment import MARGIN_SECONDS, PRE_STOP_SECONDS
from railiance.resources import Resources
from railiance.waves import Wave

if TYPE_CHECKING:
    from cdk8s import ApiObjectMetadata

    from imports.kubernetes import (
        Container,
        DeploymentSpec,
        MiddlewareSpec,
        PodSpec,
        Probe,
        ServiceSpec,
    )

PORT_NAME = "http"
PORT = 80
RESOURCES = Resources(
    cpu_request="10m", cpu_limit="500m", memory_request="32Mi", memory_limit="128Mi"
)


class MaintenancePage(Construct):
    """A pod of the app's image that answers 503, its Service, and the Middleware that asks it.

    They are there before the Ingress names the Middleware, and pruned after it does not any more
    (PruneLast): otherwise there would be a moment in which Traefik answers 404.
    The pod does not wait for migrations: the page is for when the database is down, too.
    Source: Traefik, "ForwardAuth"; Argo CD, "Sync Options", "Prune Last".
    """

    def __init__(self, scope: Construct, construct_id: str, *, pods: Pods) -> None:
        super().__init__(scope, construct_id)
        name = maintenance.name(pods.app.name)
        self.reference = f"{pods.app.name}-{name}@kubernetescrd"
        self.deployment = TypedObject(
            self,
            "deployment",
            api_version="apps/v1",
            kind="Deployment",
            metadata=_metadata(pods),
            spec=_deployment(pods),
        )
        self.service = TypedObject(
            self,
            "service",
            api_version="v1",
            kind="Service",
            metadata=_metadata(pods),
            spec=_service(pods),
        )
        spec: MiddlewareSpec = {
            "forwardAuth": {
                "address": maintenance.address(pods.app.name),
                "authRequestHeaders": ["Cookie"],
            }
        }
        self.middleware = TypedObject(
            self,
            "middleware",
            api_version="traefik.io/v1alpha1",
            kind="Middleware",
            metadata=_metadata(pods),
            spec=spec,
        )


def _metadata(pods: Pods) -> ApiObjectMetadata:
    name = maintenance.name(pods.app.name)
    return object_meta(pods.app, name, Component.MAINTENANCE, Wave.WEB, annotations=PRUNE_LAST)


def _deployment(pods: Pods) -> DeploymentSpec:
    pod: PodSpec = pods.spec(_container(pods))
    pod["terminationGracePeriodSeconds"] = PRE_STOP_SECONDS + MARGIN_SECONDS
    return {
        "replicas": 1,
        "revisionHistoryLimit": 1,
        "progressDeadlineSeconds": 300,
        "selector": {"matchLabels": component_labels(pods.app, Component.MAINTENANCE)},
        "strategy": {
            "type": "RollingUpdate",
            "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1},
        },
        "template": {"metadata": pods.meta(Component.MAINTENANCE), "spec": pod},
    }


def _container(pods: Pods) -> Container:
    app = pods.app
    command = maintenance.page_command(app.python, app.names.secret_key or "", app.host)
    page = pods.container("page", RESOURCES, command)
    page["ports"] = [{"name": PORT_NAME, "containerPort": maintenance.PORT, "protocol": "TCP"}]
    page["readinessProbe"] = _probe(period_seconds=2)
    page["livenessProbe"] = _probe(period_seconds=10)
    page["lifecycle"] = {"preStop": {"sleep": {"seconds": PRE_STOP_SECONDS}}}
    return page


def _probe(period_seconds: int) -> Probe:
    return {
        "httpGet": {"path": maintenance.READY_PATH, "port": PORT_NAME, "scheme": "HTTP"},
        "periodSeconds": period_seconds,
        "timeoutSeconds": 5,
        "successThreshold": 1,
        "failureThreshold": 3,
    }


def _service(pods: Pods) -> ServiceSpec:
    return {
        "type": "ClusterIP",
        "selector": component_labels(pods.app, Component.MAINTENANCE),
        "ports": [{"name": PORT_NAME, "protocol": "TCP", "port": PORT, "targetPort": PORT_NAME}],
    }
