"""NetworkPolicy: who may connect to an app's pods."""

from ops.kinds.description.changes import EXPOSES_WHEN_CREATED
from ops.kinds.description.effect import Effect
from ops.kinds.description.kind import Data, Kind, Owner, Stage, Tree, no_references
from ops.kinds.description.rule import CREATED, Rule
from ops.kinds.description.sources import NETWORK_POLICIES
from ops.objects.base import IntOrString, LabelSelector, Object, Part, field
from ops.objects.pod_spec import ContainerPort


class Peer(Part, frozen=True):
    """Pods that are let in, by their labels and those of their namespace."""

    namespace_selector: LabelSelector | None = None
    """None for the policy's own namespace; an empty selector for every one."""
    pod_selector: LabelSelector = LabelSelector()


class PolicyPort(Part, frozen=True):
    """A port of the pods: one number, a range, or a name for each pod's own number."""

    port: IntOrString | None = None
    """None for every port."""
    end_port: int = 0
    """The last of a range; 0 for none."""
    protocol: str = "TCP"

    def admits(self, port: ContainerPort) -> bool:
        """Whether it is a container's port."""
        if self.protocol != port.protocol:
            return False
        if isinstance(self.port, int):
            return self.port <= port.container_port <= (self.end_port or self.port)
        return self.port in (None, port.name)


class IngressRule(Part, frozen=True):
    """Who is let in; without peers, everyone; without ports, at every one."""

    peers: list[Peer] = field(default_factory=list, name="from")
    ports: list[PolicyPort] = []


class NetworkPolicySpec(Part, frozen=True):
    """Which pods, and who is let in."""

    pod_selector: LabelSelector = LabelSelector()
    policy_types: list[str] = []
    ingress: list[IngressRule] = []


class NetworkPolicy(Object, frozen=True):
    """A NetworkPolicy."""

    spec: NetworkPolicySpec = NetworkPolicySpec()


def _denies_all(policy: NetworkPolicy) -> bool:
    return "Ingress" in policy.spec.policy_types and not policy.spec.ingress


KIND = Kind(
    kind="NetworkPolicy",
    group="networking.k8s.io",
    version="v1",
    plural="networkpolicies",
    namespaced=True,
    model=NetworkPolicy,
    owner=Owner.APP,
    fields=Tree.from_paths(
        *("spec.podSelector.*", "spec.policyTypes", "spec.ingress.from.*"),
        *("spec.ingress.ports.protocol", "spec.ingress.ports.port"),
    ),
    guarded=False,
    needed=True,
    stage=Stage.FOUNDATION,
    kept=(),
    pods=None,
    refers_to=no_references,
    holds=Data.NONE,
    health=None,
    apply_order=1,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(
        Rule(
            "spec",
            Effect.EXPOSES,
            "which connections to and from the pods are allowed",
            NETWORK_POLICIES,
        ),
        Rule(
            CREATED,
            Effect.EXPOSES,
            "connections to pods with these labels are denied, unless a policy allows them",
            NETWORK_POLICIES,
            lambda _, new: _denies_all(new),
            detail=lambda _, new: ", ".join(
                f"{key}={value}" for key, value in new.spec.pod_selector.match_labels.items()
            ),
        ),
        EXPOSES_WHEN_CREATED,
    ),
)
