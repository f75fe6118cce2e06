"""Ingress: the way in from outside."""

from collections.abc import Iterable, Iterator

from ops.kinds.description.changes import EXPOSES_WHEN_CREATED
from ops.kinds.description.effect import Effect
from ops.kinds.description.health import HEALTHY, Health, State
from ops.kinds.description.kind import Data, Kind, Owner, Stage, Tree
from ops.kinds.description.reference import Reference
from ops.kinds.description.rule import Rule
from ops.kinds.description.sources import CERT_MANAGER, FORWARD_AUTH, INGRESSES
from ops.objects.addresses import BalancedStatus
from ops.objects.base import Object, Part, port
from railiance.annotations import MIDDLEWARES


class BackendPort(Part, frozen=True):
    """A port of a Service, by name or number."""

    name: str = ""
    number: int = 0


class BackendService(Part, frozen=True):
    """A Service, and which of its ports."""

    name: str = ""
    port: BackendPort = BackendPort()


class Backend(Part, frozen=True):
    """Where requests go."""

    service: BackendService = BackendService()


class HttpPath(Part, frozen=True):
    """A path and where it leads."""

    path: str = ""
    backend: Backend = Backend()


class HttpRule(Part, frozen=True):
    """The paths of a host."""

    paths: list[HttpPath] = []


class IngressRule(Part, frozen=True):
    """A host and its paths; without a host, every one."""

    host: str = ""
    http: HttpRule = HttpRule()


class Tls(Part, frozen=True):
    """Hosts, and the Secret with their certificate."""

    secret_name: str = ""
    hosts: list[str] = []


class IngressSpec(Part, frozen=True):
    """Which hosts are served, and behind which certificates."""

    ingress_class_name: str = ""
    rules: list[IngressRule] = []
    tls: list[Tls] = []
    default_backend: Backend | None = None


class Ingress(Object, frozen=True):
    """An Ingress."""

    spec: IngressSpec = IngressSpec()
    status: BalancedStatus = BalancedStatus()

    @property
    def hosts(self) -> set[str]:
        """The hosts that it serves; an empty one stands for every host."""
        return {rule.host for rule in self.spec.rules}


def health(ingress: Ingress) -> Health:
    """Healthy once it has an address."""
    return HEALTHY if ingress.status.addresses else Health(State.PROGRESSING, "no address yet")


def refers_to(ingress: Ingress) -> Iterable[Reference]:
    """The Services that it leads to, and their ports."""
    services = (backend.service for backend in _backends(ingress))
    return {
        Reference("Service", service.name, port(service.port.name or service.port.number))
        for service in services
    }


def _backends(ingress: Ingress) -> Iterator[Backend]:
    for rule in ingress.spec.rules:
        for path in rule.http.paths:
            yield path.backend


def _asks_page(middlewares: object) -> bool:
    """Whether these Middlewares include that of a maintenance page."""
    return str(middlewares).split(",")[-1].endswith("-maintenance@kubernetescrd")


KIND = Kind(
    kind="Ingress",
    group="networking.k8s.io",
    version="v1",
    plural="ingresses",
    namespaced=True,
    model=Ingress,
    owner=Owner.APP,
    fields=Tree.from_paths(
        "spec.ingressClassName", "spec.tls.*", "spec.rules.*", "spec.defaultBackend.*"
    ),
    guarded=False,
    needed=True,
    stage=Stage.EXPOSURE,
    kept=(),
    pods=None,
    refers_to=refers_to,
    holds=Data.NONE,
    health=health,
    apply_order=33,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(
        Rule(
            "spec",
            Effect.EXPOSES,
            "hosts, paths or certificates under which the app is reached",
            INGRESSES,
        ),
        Rule(
            f"metadata.annotations|{MIDDLEWARES}",
            Effect.EXPOSES,
            "visitors see the maintenance page (503), operators the app",
            FORWARD_AUTH,
            lambda old, new: not _asks_page(old) and _asks_page(new),
        ),
        Rule(
            f"metadata.annotations|{MIDDLEWARES}",
            Effect.EXPOSES,
            "visitors see the app again, instead of the maintenance page",
            FORWARD_AUTH,
            lambda old, new: _asks_page(old) and not _asks_page(new),
        ),
        Rule(
            "metadata.annotations",
            Effect.EXPOSES,
            "the ingress controller and cert-manager take instructions from its annotations",
            f"{CERT_MANAGER}usage/ingress/",
        ),
        EXPOSES_WHEN_CREATED,
    ),
)
