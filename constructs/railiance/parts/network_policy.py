"""Who may reach the app's pods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from railiance.django_app import DjangoApp
from railiance.metadata import Component, object_meta, pod_labels
from railiance.platform import Platform
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import NetworkPolicy


def network_policy(app: DjangoApp, platform: Platform) -> NetworkPolicy:
    """Lets only the ingress controller reach the app's pods, on their port.

    It selects the app's own pods, not the namespace: cert-manager's ACME solver pods run there
    too and must stay reachable. The kubelet's probes come from the node, which no policy bars.
    Source: cert-manager, "HTTP01"; Kubernetes, "Network Policies".
    """
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": object_meta(app, app.name, Component.WEB, Wave.FOUNDATION),
        "spec": {
            "podSelector": {"matchLabels": pod_labels(app)},
            "policyTypes": ["Ingress"],
            "ingress": [
                {
                    "from": [
                        {
                            "namespaceSelector": {
                                "matchLabels": {
                                    "kubernetes.io/metadata.name": platform.ingress_namespace
                                }
                            },
                            "podSelector": {
                                "matchLabels": {"app.kubernetes.io/name": platform.ingress_class}
                            },
                        }
                    ],
                    "ports": [{"protocol": "TCP", "port": app.port}],
                }
            ],
        },
    }
