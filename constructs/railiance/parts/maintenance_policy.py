"""The NetworkPolicy of the maintenance page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from railiance import maintenance
from railiance.annotations import NAME, NAMESPACE_NAME
from railiance.django_app import DjangoApp
from railiance.metadata import PRUNE_LAST, Component, component_labels, object_meta
from railiance.parts.typed_object import TypedObject
from railiance.platform import Platform
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import NetworkPolicySpec


class MaintenancePolicy(TypedObject):
    """Allows only the ingress controller to reach the page, on its port.

    Source: Kubernetes, "Network Policies".
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, app: DjangoApp, platform: Platform
    ) -> None:
        spec: NetworkPolicySpec = {
            "podSelector": {"matchLabels": component_labels(app, Component.MAINTENANCE)},
            "policyTypes": ["Ingress"],
            "ingress": [
                {
                    "from": [
                        {
                            "podSelector": {"matchLabels": {NAME: platform.ingress_class}},
                            "namespaceSelector": {
                                "matchLabels": {NAMESPACE_NAME: platform.ingress_namespace}
                            },
                        }
                    ],
                    "ports": [{"port": maintenance.PORT, "protocol": "TCP"}],
                }
            ],
        }
        super().__init__(
            scope,
            construct_id,
            api_version="networking.k8s.io/v1",
            kind="NetworkPolicy",
            metadata=object_meta(
                app,
                maintenance.name(app.name),
                Component.MAINTENANCE,
                Wave.FOUNDATION,
                annotations=PRUNE_LAST,
            ),
            spec=spec,
        )
