"""The NetworkPolicy that covers all pods of an app."""

from cdk8s_plus_28 import NetworkPolicy, NetworkPolicyTraffic, NetworkPolicyTrafficDefault, Pods
from constructs import Construct

from railiance.django_app import DjangoApp
from railiance.metadata import object_meta, pod_labels
from railiance.waves import Wave


class InternalNetworkPolicy(NetworkPolicy):
    """Denies all ingress to every pod of the app; other policies add what is allowed.

    Source: Kubernetes, "Network Policies": policies are additive.
    """

    def __init__(self, scope: Construct, construct_id: str, *, app: DjangoApp) -> None:
        super().__init__(
            scope,
            construct_id,
            metadata=object_meta(app, f"{app.name}-internal", "internal", Wave.FOUNDATION),
            selector=Pods.select(scope, f"{construct_id}-pods", labels=pod_labels(app)),
            ingress=NetworkPolicyTraffic(default=NetworkPolicyTrafficDefault.DENY),
        )
