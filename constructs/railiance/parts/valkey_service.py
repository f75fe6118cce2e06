"""The Service of an app's Valkey."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from railiance import valkey
from railiance.django_app import DjangoApp
from railiance.metadata import Component, component_labels, object_meta
from railiance.parts.typed_object import TypedObject
from railiance.parts.valkey_stateful_set import ValkeyStatefulSet
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import ServiceSpec


class ValkeyService(TypedObject):
    """A ClusterIP Service, `<app>-valkey`, for the app's own pods."""

    def __init__(self, scope: Construct, construct_id: str, *, app: DjangoApp) -> None:
        spec: ServiceSpec = {
            "type": "ClusterIP",
            "selector": component_labels(app, Component.VALKEY),
            "ports": [
                {
                    "name": ValkeyStatefulSet.port_name,
                    "protocol": "TCP",
                    "port": valkey.PORT,
                    "targetPort": ValkeyStatefulSet.port_name,
                }
            ],
        }
        super().__init__(
            scope,
            construct_id,
            api_version="v1",
            kind="Service",
            metadata=object_meta(app, valkey.host(app.name), Component.VALKEY, Wave.FOUNDATION),
            spec=spec,
        )
