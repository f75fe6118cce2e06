"""The NetworkPolicy of the app's pods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from railiance.annotations import NAME, NAMESPACE_NAME
from railiance.django_app import DjangoApp
from railiance.metadata import Component, component_labels, object_meta, pod_labels
from railiance.parts.typed_object import TypedObject
from railiance.parts.web_deployment import WebDeployment
from railiance.platform import Platform
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import NetworkPolicySpec


class WebNetworkPolicy(TypedObject):
    """Allows only the ingress controller to reach the app's pods, on their port.

    If there are pods besides web and migrate, it selects the web pods only.
    It selects the app's own pods, not the namespace: cert-manager's ACME solver pods run there
    too and must stay reachable. The kubelet's probes come from the node, which no policy blocks.
    The port is given by its name, which stands for each pod's own number: while pods with another
    port roll, old and new ones are reached.
    Source: cert-manager, "HTTP01"; Kubernetes, "Network Policies".
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, app: DjangoApp, platform: Platform
    ) -> None:
        selected = component_labels(app, Component.WEB) if app.has_more_pods else pod_labels(app)
        spec: NetworkPolicySpec = {
            "ingress": [
                {
                    "from": [
                        {
                            "namespaceSelector": {
                                "matchLabels": {NAMESPACE_NAME: platform.ingress_namespace}
                            },
                            "podSelector": {"matchLabels": {NAME: platform.ingress_class}},
                        }
                    ],
                    "ports": [{"port": WebDeployment.port_name, "protocol": "TCP"}],
                }
            ],
            "podSelector": {"matchLabels": selected},
            "policyTypes": ["Ingress"],
        }
        super().__init__(
            scope,
            construct_id,
            api_version="networking.k8s.io/v1",
            kind="NetworkPolicy",
            metadata=object_meta(app, app.name, Component.WEB, Wave.FOUNDATION),
            spec=spec,
        )
