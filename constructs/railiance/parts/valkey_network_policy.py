"""The NetworkPolicy of an app's Valkey."""

from cdk8s_plus_28 import (
    NetworkPolicy,
    NetworkPolicyPort,
    NetworkPolicyRule,
    NetworkPolicyTraffic,
    Pods,
)
from constructs import Construct

from railiance import valkey
from railiance.django_app import DjangoApp
from railiance.metadata import Component, component_labels, object_meta, pod_labels
from railiance.waves import Wave


class ValkeyNetworkPolicy(NetworkPolicy):
    """Allows only the app's own pods to reach its Valkey."""

    def __init__(self, scope: Construct, construct_id: str, *, app: DjangoApp) -> None:
        own = Pods.select(scope, f"{construct_id}-peers", labels=pod_labels(app))
        selected = component_labels(app, Component.VALKEY)
        super().__init__(
            scope,
            construct_id,
            metadata=object_meta(app, valkey.host(app.name), Component.VALKEY, Wave.FOUNDATION),
            selector=Pods.select(scope, f"{construct_id}-pods", labels=selected),
            ingress=NetworkPolicyTraffic(
                rules=[NetworkPolicyRule(peer=own, ports=[NetworkPolicyPort.tcp(valkey.PORT)])]
            ),
        )
