"""The Service of the web pods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from railiance.django_app import DjangoApp
from railiance.metadata import Component, object_meta
from railiance.parts.typed_object import TypedObject
from railiance.parts.web_deployment import WebDeployment
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import ServiceSpec

PORT = 80


class WebService(TypedObject):
    """A ClusterIP Service for the web pods; not reachable from outside the cluster."""

    port_name = "http"

    def __init__(
        self, scope: Construct, construct_id: str, *, app: DjangoApp, web: WebDeployment
    ) -> None:
        spec: ServiceSpec = {
            "type": "ClusterIP",
            "selector": web.pod_labels,
            "ports": [
                {
                    "name": self.port_name,
                    "protocol": "TCP",
                    "port": PORT,
                    "targetPort": web.port_name,
                }
            ],
        }
        super().__init__(
            scope,
            construct_id,
            api_version="v1",
            kind="Service",
            metadata=object_meta(app, app.name, Component.WEB, Wave.WEB),
            spec=spec,
        )
