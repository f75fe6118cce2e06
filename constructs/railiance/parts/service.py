"""The address of the web pods within the cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from railiance.django_app import DjangoApp
from railiance.metadata import Component, component_labels, object_meta
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import Service

PORT = 80


def service(app: DjangoApp) -> Service:
    """A ClusterIP Service for the web pods; not reachable from outside the cluster."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": object_meta(app, app.name, Component.WEB, Wave.WEB),
        "spec": {
            "type": "ClusterIP",
            "selector": component_labels(app, Component.WEB),
            "ports": [{"name": "http", "protocol": "TCP", "port": PORT, "targetPort": "http"}],
        },
    }
