"""The NetworkPolicy of the app's pods."""

import functools

from cdk8s_plus_28 import (
    Namespaces,
    NetworkPolicy,
    NetworkPolicyPort,
    NetworkPolicyRule,
    NetworkPolicyTraffic,
    Pods,
)
from constructs import Construct

from railiance.annotations import NAME, NAMESPACE_NAME
from railiance.django_app import DjangoApp
from railiance.metadata import Component, component_labels, object_meta, pod_labels
from railiance.platform import Platform
from railiance.waves import Wave


class WebNetworkPolicy(NetworkPolicy):
    """Allows only the ingress controller to reach the app's pods, on their port.

    If there are pods besides web and migrate, it selects the web pods only.
    It selects the app's own pods, not the namespace: cert-manager's ACME solver pods run there
    too and must stay reachable. The kubelet's probes come from the node, which no policy blocks.
    Source: cert-manager, "HTTP01"; Kubernetes, "Network Policies".
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, app: DjangoApp, platform: Platform
    ) -> None:
        selected = component_labels(app, Component.WEB) if app.has_more_pods else pod_labels(app)
        pods = Pods.select(scope, f"{construct_id}-pods", labels=selected)
        controller = Pods.select(
            scope,
            f"{construct_id}-controller",
            labels={NAME: platform.ingress_class},
            namespaces=Namespaces.select(
                scope,
                f"{construct_id}-controller-namespace",
                labels={NAMESPACE_NAME: platform.ingress_namespace},
            ),
        )
        super().__init__(
            scope,
            construct_id,
            metadata=object_meta(app, app.name, Component.WEB, Wave.FOUNDATION),
            selector=pods,
            ingress=NetworkPolicyTraffic(
                rules=[NetworkPolicyRule(peer=controller, ports=[_tcp(app.port)])]
            ),
        )


@functools.cache
def _tcp(port: int) -> NetworkPolicyPort:
    """Cached for all policies with this port, because creating it is a call into Node.js."""
    return NetworkPolicyPort.tcp(port)
