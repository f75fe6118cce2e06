"""The declaration of a Django app."""

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Annotated, Any

from railiance import checks
from railiance.declaration import declaration
from railiance.environment import RESERVED
from railiance.smoke import Smoke

if TYPE_CHECKING:
    from railiance.app_chart import DjangoAppChart

    Extension = Callable[[DjangoAppChart], None]
else:
    Extension = Callable[[Any], None]  # a declaration does not load cdk8s

Seconds = Annotated[int, checks.between(1, 3600, "seconds")]


@declaration
class Image:
    """A container image, pinned to one build.

    People identify the build by the tag; the node pulls by digest.
    """

    repository: Annotated[str, checks.image_repository]
    """Registry and path, without tag or digest."""
    tag: Annotated[str, checks.image_tag]
    """The tag of one build, such as its commit; never latest."""
    digest: Annotated[str, checks.image_digest]
    """The digest that the registry reports for the tag: sha256: and 64 hexadecimal digits."""

    @property
    def reference(self) -> str:
        """The image reference with tag and digest, as in a pod."""
        return f"{self.repository}:{self.tag}@{self.digest}"


@declaration
class SharedDatabase:
    """A database in the shared PostgreSQL cluster, owned by a role of the app's own.

    The platform creates the role (CloudNativePG 1.28 manages roles only in its Cluster); the
    database is declared here.
    """

    name: Annotated[str, checks.postgres_name]
    """The database's name in PostgreSQL; immutable, a new name creates a new database."""
    role: Annotated[str, checks.postgres_name]
    """The owner: a role for this app alone."""

    @property
    def object_name(self) -> str:
        """The Database object's name: a DNS name, so underscores become hyphens."""
        return self.name.replace("_", "-")


@declaration
class MediaVolume:
    """A volume for uploads; it is kept when the rest of the app is removed."""

    mount_path: Annotated[str, checks.absolute_folder]
    """The MEDIA_ROOT in the container."""
    size: Annotated[str, checks.size]
    """Storage request, such as 5Gi; local-path neither enforces nor expands it."""


@declaration
class Resources:
    """Resource requests and limits of a pod."""

    cpu_request: Annotated[str, checks.cpu] = "100m"
    """CPU request in cores, or in thousandths with m."""
    cpu_limit: Annotated[str, checks.cpu] = "1"
    """CPU limit; above it the container is throttled."""
    memory_request: Annotated[str, checks.size] = "256Mi"
    """Memory request, reserved on the node."""
    memory_limit: Annotated[str, checks.size] = "512Mi"
    """Memory limit; above it the container is OOM-killed and restarted."""

    def validate(self) -> None:
        """A request must not exceed its limit; the API server would refuse the pod."""
        if _millicores(self.cpu_request) > _millicores(self.cpu_limit):
            raise ValueError(f"cpu_request {self.cpu_request} exceeds cpu_limit {self.cpu_limit}")
        if _bytes(self.memory_request) > _bytes(self.memory_limit):
            raise ValueError(
                f"memory_request {self.memory_request} exceeds memory_limit {self.memory_limit}"
            )


def _millicores(cpu: str) -> float:
    return float(cpu[:-1]) if cpu.endswith("m") else float(cpu) * 1000


def _bytes(size: str) -> int:
    return int(size[:-2]) << 10 * (1 + "KMGT".index(size[-2]))


@declaration
class DjangoApp:
    """A Django app behind gunicorn, on a host of its own.

    Defaults: the host is the only allowed host and its https origin the only trusted origin,
    SECRET_KEY and DATABASE_URL come from the Secret `<name>-env`, one replica, no volume.
    """

    name: Annotated[str, checks.app_name]
    """The name of the namespace and of the objects in it."""
    host: Annotated[str, checks.host_name]
    """The public host, used by the certificate, the Ingress and the probes."""
    image: Image
    """The image of the web pods and the migrate Job."""
    settings_module: Annotated[str, checks.settings_module]
    """DJANGO_SETTINGS_MODULE; must be production settings."""
    database: SharedDatabase
    """The app's own database in the shared cluster."""
    media: MediaVolume | None = None
    """A volume for uploads, if the app stores any."""
    health_path: Annotated[str, checks.url_path] = "/health/"
    """A path that answers 200 without a login when the app can serve."""
    port: Annotated[int, checks.unprivileged_port] = 8000
    """The port that gunicorn listens on in the container."""
    replicas: Annotated[int, checks.between(1, 10, "replicas")] = 1
    """Number of web pods; each runs gunicorn with its workers."""
    resources: Resources = Resources()
    """Resource requests and limits of each pod."""
    allowed_hosts: tuple[Annotated[str, checks.host_name], ...] = ()
    """ALLOWED_HOSTS; by default the host. Only the host gets a certificate and an Ingress."""
    csrf_trusted_origins: tuple[Annotated[str, checks.origin], ...] = ()
    """CSRF_TRUSTED_ORIGINS; by default the https origin of every allowed host."""
    environment: Annotated[
        Mapping[Annotated[str, checks.environment_name], str], checks.plain_settings
    ] = field(default_factory=dict)
    """More settings in plain text; a change rolls the pods."""
    secret_keys: tuple[Annotated[str, checks.environment_name], ...] = (
        "SECRET_KEY",
        "DATABASE_URL",
    )
    """Settings that pods read from the Secret `<name>-env`."""
    run_as_user: Annotated[int, checks.between(1, 65535, "as a user id")] = 1000
    """The numeric user ID of the image's user; the kubelet cannot verify a name as non-root."""
    graceful_timeout_seconds: Seconds = 30
    """Time for running requests to finish when a pod ends: gunicorn's --graceful-timeout."""
    migrate_timeout_seconds: Seconds = 600
    """Time after which an unfinished migration counts as failed."""
    smoke: Smoke = Smoke()
    """The pages that `ops smoke` visits."""
    extend: Extension | None = None
    """A function of the app's `DjangoAppChart` that patches its parts or adds constructs."""

    def validate(self) -> None:
        """Fields must not contradict each other."""
        for host in (self.host, *self.allowed_hosts):
            if host not in self.hosts:
                raise ValueError(f"allowed_hosts lacks the host {host!r}; add it")
            if f"https://{host}" not in self.trusted_origins:
                raise ValueError(f"csrf_trusted_origins lacks 'https://{host}'; add it")
        self._validate_settings()

    def _validate_settings(self) -> None:
        for name in self.environment:
            if name in RESERVED.union(self.secret_keys):
                raise ValueError(f"environment sets {name!r}, which is set already; remove it")
        if not self.secret_keys or len(set(self.secret_keys)) < len(self.secret_keys):
            raise ValueError(
                f"secret_keys {self.secret_keys} is empty or repeats a key; fix the list"
            )
        for key in self.secret_keys:
            if key in RESERVED:
                raise ValueError(f"secret_keys names {key!r}, which is not secret; remove it")

    @property
    def hosts(self) -> tuple[str, ...]:
        """The value of ALLOWED_HOSTS."""
        return self.allowed_hosts or (self.host,)

    @property
    def trusted_origins(self) -> tuple[str, ...]:
        """The value of CSRF_TRUSTED_ORIGINS."""
        return self.csrf_trusted_origins or tuple(f"https://{host}" for host in self.hosts)

    @property
    def secret_name(self) -> str:
        """The Secret with the secret settings; it is applied separately, never rendered."""
        return f"{self.name}-env"

    @property
    def tls_secret_name(self) -> str:
        """The Secret that cert-manager stores the certificate in."""
        return f"{self.name}-tls"
