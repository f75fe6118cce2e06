"""Pods and their templates.

Source: Kubernetes, API reference, "PodTemplateSpec v1 core".
"""

from collections.abc import Iterable, Iterator
from typing import Any

from ops.objects.base import IntOrString, NamedReference, Part, field

Quantity = str | int | float


class KeyReference(Part, frozen=True):
    """One key of a Secret or a ConfigMap."""

    name: str = ""
    key: str = ""
    optional: bool = False


class VariableSource(Part, frozen=True):
    """Where a variable's value comes from."""

    secret_key_ref: KeyReference | None = None
    config_map_key_ref: KeyReference | None = None
    field_ref: dict[str, Any] | None = None
    resource_field_ref: dict[str, Any] | None = None
    file_key_ref: dict[str, Any] | None = None


class Variable(Part, frozen=True):
    """An environment variable: its value, or where that comes from."""

    name: str
    value: str | None = None
    value_from: VariableSource | None = None

    @property
    def secret(self) -> KeyReference | None:
        """The key of a Secret that holds its value."""
        return self.value_from.secret_key_ref if self.value_from else None


class OptionalReference(Part, frozen=True):
    """A Secret or a ConfigMap that may be allowed to be missing."""

    name: str = ""
    optional: bool = False


class VariablesSource(Part, frozen=True):
    """A Secret or a ConfigMap whose keys all become variables."""

    prefix: str = ""
    secret_ref: OptionalReference | None = None
    config_map_ref: OptionalReference | None = None


class ContainerPort(Part, frozen=True):
    """A port that a container listens on."""

    name: str = ""
    container_port: int = 0
    host_port: int = 0
    protocol: str = "TCP"


class Header(Part, frozen=True):
    """A header of a probe's request."""

    name: str = ""
    value: str = ""


class HttpGet(Part, frozen=True):
    """A request over HTTP."""

    path: str = ""
    port: IntOrString = ""
    http_headers: list[Header] = []


class Connection(Part, frozen=True):
    """A connection, or a request over gRPC."""

    port: IntOrString = ""


class Probe(Part, frozen=True):
    """How the kubelet asks a container for its health."""

    http_get: HttpGet | None = None
    tcp_socket: Connection | None = None
    grpc: Connection | None = None


class Sleep(Part, frozen=True):
    """A pause before a container is asked to stop."""

    seconds: int = 0


class Handler(Part, frozen=True):
    """What happens after a container has started, or before it is asked to stop."""

    sleep: Sleep = Sleep()
    http_get: HttpGet | None = None
    tcp_socket: Connection | None = None


class Lifecycle(Part, frozen=True):
    """What happens around a container's life."""

    post_start: Handler | None = None
    pre_stop: Handler | None = None


class Resources(Part, frozen=True):
    """What a container asks for, and what it may not exceed."""

    requests: dict[str, Quantity] = {}
    limits: dict[str, Quantity] = {}


class Capabilities(Part, frozen=True):
    """Linux capabilities."""

    add: list[str] = []
    drop: list[str] = []


class SeccompProfile(Part, frozen=True):
    """Which system calls are allowed."""

    type: str = ""


class SecurityContext(Part, frozen=True):
    """Of a container, or of a pod for all its containers."""

    run_as_non_root: bool | None = None
    run_as_user: int | None = None
    fs_group: int | None = None
    seccomp_profile: SeccompProfile | None = None
    allow_privilege_escalation: bool = True
    privileged: bool = False
    read_only_root_filesystem: bool = False
    capabilities: Capabilities = Capabilities()


class VolumeMount(Part, frozen=True):
    """Where a container sees a volume."""

    name: str = ""
    mount_path: str = ""
    sub_path: str = ""


class Container(Part, frozen=True):
    """One container."""

    name: str = ""
    image: str = ""
    image_pull_policy: str = ""
    command: list[str] | None = None
    args: list[str] = []
    working_dir: str = ""
    env: list[Variable] = []
    env_from: list[VariablesSource] = []
    ports: list[ContainerPort] = []
    startup_probe: Probe | None = None
    readiness_probe: Probe | None = None
    liveness_probe: Probe | None = None
    lifecycle: Lifecycle = Lifecycle()
    resources: Resources = Resources()
    security_context: SecurityContext = SecurityContext()
    volume_mounts: list[VolumeMount] = []

    @property
    def asked_ports(self) -> Iterator[tuple[str, IntOrString]]:
        """The port of each probe and lifecycle hook, with the field's name."""
        for name, asks in (
            ("startupProbe", self.startup_probe),
            ("readinessProbe", self.readiness_probe),
            ("livenessProbe", self.liveness_probe),
            ("postStart", self.lifecycle.post_start),
            ("preStop", self.lifecycle.pre_stop),
        ):
            ways = (asks.http_get, asks.tcp_socket) if asks else ()
            yield from ((name, way.port) for way in ways if way)
            if isinstance(asks, Probe) and asks.grpc:
                yield name, asks.grpc.port

    @property
    def environment(self) -> dict[str, Variable]:
        """Its variables by name; of two with one name the last counts."""
        return {variable.name: variable for variable in self.env}


class ClaimSource(Part, frozen=True):
    """The claim that a volume stands for."""

    claim_name: str = ""


class KeyToPath(Part, frozen=True):
    """A key that becomes a file."""

    key: str = ""
    path: str = ""


class SecretSource(Part, frozen=True):
    """The Secret whose keys become files: those of the items, else all."""

    secret_name: str = ""
    items: list[KeyToPath] = []
    optional: bool = False


class FilesSource(OptionalReference, frozen=True):
    """A ConfigMap whose keys become files: those of the items, else all."""

    items: list[KeyToPath] = []


class ProjectedSource(Part, frozen=True):
    """One of several sources of files."""

    secret: OptionalReference | None = None
    config_map: FilesSource | None = None


class Projected(Part, frozen=True):
    """Files from several sources."""

    sources: list[ProjectedSource] = []


class Volume(Part, frozen=True):
    """A volume of a pod."""

    name: str = ""
    persistent_volume_claim: ClaimSource | None = None
    empty_dir: dict[str, Any] | None = None
    host_path: dict[str, Any] | None = None
    secret: SecretSource | None = None
    config_map: FilesSource | None = None
    projected: Projected = Projected()


class PodSpec(Part, frozen=True):
    """What runs in a pod, and how."""

    containers: list[Container] = []
    init_containers: list[Container] = []
    volumes: list[Volume] = []
    service_account_name: str = "default"
    automount_service_account_token: bool = True
    enable_service_links: bool = True
    image_pull_secrets: list[NamedReference] = []
    security_context: SecurityContext = SecurityContext()
    termination_grace_period_seconds: int = 30
    host_network: bool = False
    host_pid: bool = field(default=False, name="hostPID")
    host_ipc: bool = field(default=False, name="hostIPC")

    @property
    def all_containers(self) -> list[Container]:
        """The main containers, then the init containers."""
        return [*self.containers, *self.init_containers]

    @property
    def claims(self) -> list[str]:
        """The names of the volume claims that the pod mounts."""
        claims = (volume.persistent_volume_claim for volume in self.volumes)
        return [claim.claim_name for claim in claims if claim]


class TemplateMeta(Part, frozen=True):
    """The metadata that pods get."""

    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}


class PodTemplate(Part, frozen=True):
    """What pods are made from."""

    metadata: TemplateMeta = TemplateMeta()
    spec: PodSpec = PodSpec()


def variables(containers: Iterable[Container]) -> Iterator[Variable]:
    """Every variable of the containers, also one that a later one of its name replaces."""
    for container in containers:
        yield from container.env
