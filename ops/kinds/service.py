"""Service: a stable address for pods."""

from collections.abc import Collection

from ops.kinds.description.changes import NEW
from ops.kinds.description.effect import Effect
from ops.kinds.description.health import HEALTHY, Health, State
from ops.kinds.description.kind import Data, Kind, Owner, Tree, no_references
from ops.kinds.description.rule import Rule
from ops.kinds.description.sources import CORE_VALIDATION, SERVICES
from ops.objects.addresses import BalancedStatus
from ops.objects.base import IntOrString, Object, Part, field, port


class ServicePort(Part, frozen=True):
    """A port of the Service, and the pods' port that it leads to."""

    name: str = ""
    port: int = 0
    target_port: IntOrString = ""


class ServiceSpec(Part, frozen=True):
    """Which pods, at which ports, reachable from where."""

    type: str = "ClusterIP"
    selector: dict[str, str] = {}
    ports: list[ServicePort] = []
    external_ips: list[str] = field(default_factory=list, name="externalIPs")


class Service(Object, frozen=True):
    """A Service."""

    spec: ServiceSpec = ServiceSpec()
    status: BalancedStatus = BalancedStatus()

    @property
    def items(self) -> Collection[str]:
        """Its ports, by number and by name."""
        ports = self.spec.ports
        return {port(p.port) for p in ports} | {port(p.name) for p in ports if p.name}


def health(service: Service) -> Health:
    """Only a LoadBalancer waits, for its address."""
    if service.spec.type != "LoadBalancer" or service.status.addresses:
        return HEALTHY
    return Health(State.PROGRESSING, "no address yet")


KIND = Kind(
    kind="Service",
    group="",
    version="v1",
    plural="services",
    namespaced=True,
    model=Service,
    owner=Owner.APP,
    fields=Tree.from_paths("spec.type", "spec.selector.*", "spec.ports.*", "spec.externalIPs"),
    guarded=False,
    needed=True,
    stage=None,
    kept=(),
    pods=None,
    refers_to=no_references,
    holds=Data.NONE,
    health=health,
    apply_order=22,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(
        Rule(
            "spec.clusterIP spec.clusterIPs",
            Effect.REFUSED,
            "a Service's address is immutable",
            CORE_VALIDATION,
        ),
        Rule(
            "spec.type spec.externalIPs spec.externalName spec.loadBalancerIP"
            " spec.loadBalancerSourceRanges spec.externalTrafficPolicy spec.loadBalancerClass"
            " spec.ports.[].nodePort spec.healthCheckNodePort spec.allocateLoadBalancerNodePorts",
            Effect.EXPOSES,
            "from where the Service can be reached",
            f"{SERVICES}#publishing-services-service-types",
        ),
        Rule(
            "spec.selector spec.ports spec.publishNotReadyAddresses",
            Effect.EXPOSES,
            "which pods answer, and at which port",
            SERVICES,
        ),
        Rule(
            "spec.sessionAffinity spec.sessionAffinityConfig spec.internalTrafficPolicy"
            " spec.trafficDistribution",
            Effect.IN_PLACE,
            "how connections are spread over the pods",
            SERVICES,
        ),
        Rule(
            "spec.ipFamilies spec.ipFamilyPolicy",
            Effect.EXPOSES,
            "under which kinds of address the Service is reached",
            SERVICES,
        ),
        NEW,
    ),
)
