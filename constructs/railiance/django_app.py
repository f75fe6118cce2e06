"""What a Django app is, as one typed value."""

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Annotated, Any

from railiance import checks
from railiance.declaration import declaration
from railiance.smoke import Smoke

if TYPE_CHECKING:
    from railiance.app_chart import DjangoAppChart

    Extension = Callable[[DjangoAppChart], None]
else:
    Extension = Callable[[Any], None]  # a declaration does not load cdk8s

RENDERED_SETTINGS = {
    "DJANGO_SETTINGS_MODULE",
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "GUNICORN_CMD_ARGS",
    "HOME",
    "TMPDIR",
    "XDG_RUNTIME_DIR",
}
"""Settings that every app gets, from fields of its own or from how its pods are made."""

Seconds = Annotated[int, checks.between(1, 3600, "seconds")]


@declaration
class Image:
    """A container image, pinned to one build.

    The tag says to people which build it is; the digest is what the node pulls.
    """

    repository: Annotated[str, checks.image_repository]
    """Registry and path, without tag or digest."""
    tag: Annotated[str, checks.image_tag]
    """Of one build, such as its commit; never latest."""
    digest: Annotated[str, checks.image_digest]
    """As the registry answers for the tag: sha256: and 64 hexadecimal digits."""

    @property
    def reference(self) -> str:
        """The reference with both, as it stands in a pod."""
        return f"{self.repository}:{self.tag}@{self.digest}"


@declaration
class SharedDatabase:
    """A database of its own in the shared PostgreSQL cluster, owned by a role of its own.

    The role is the platform's to make (CloudNativePG 1.28 knows roles only in its Cluster); the
    database is declared here.
    """

    name: Annotated[str, checks.postgres_name]
    """The database's name in PostgreSQL; immutable, another one is another database."""
    role: Annotated[str, checks.postgres_name]
    """Its owner, a role of this app alone."""

    @property
    def object_name(self) -> str:
        """The Database object's name: PostgreSQL's underscores are no part of a DNS name."""
        return self.name.replace("_", "-")


@declaration
class MediaVolume:
    """A volume for uploads, kept when everything else of the app is removed."""

    mount_path: Annotated[str, checks.absolute_folder]
    """The container's MEDIA_ROOT."""
    size: Annotated[str, checks.size]
    """Storage to ask for, such as 5Gi; local-path neither enforces nor enlarges it."""


@declaration
class Resources:
    """What a pod is promised and what it may take at most."""

    cpu_request: Annotated[str, checks.cpu] = "100m"
    """Cores, or thousandths with m."""
    cpu_limit: Annotated[str, checks.cpu] = "1"
    """Above, the pod is slowed down."""
    memory_request: Annotated[str, checks.size] = "256Mi"
    """Kept free for the pod."""
    memory_limit: Annotated[str, checks.size] = "512Mi"
    """Above, the pod is killed and started again."""

    def agree(self) -> None:
        """A request above its limit is refused by the API server; here a second sooner."""
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

    Unless said otherwise: the host is the only allowed one and its https origin the only trusted
    one, SECRET_KEY and DATABASE_URL come from the Secret `<name>-env`, one replica, no volume.
    """

    name: Annotated[str, checks.app_name]
    """Names the namespace and everything in it."""
    host: Annotated[str, checks.host_name]
    """The public host: of the certificate, the Ingress and the probes."""
    image: Image
    """What web pods and migrate Job run."""
    settings_module: Annotated[str, checks.settings_module]
    """DJANGO_SETTINGS_MODULE: production settings."""
    database: SharedDatabase
    """The app's own, in the shared cluster."""
    media: MediaVolume | None = None
    """A volume for uploads, if the app keeps any."""
    health_path: Annotated[str, checks.url_path] = "/health/"
    """Answers 200 without a login when the app can serve."""
    port: Annotated[int, checks.unprivileged_port] = 8000
    """Where gunicorn listens in the container."""
    replicas: Annotated[int, checks.between(1, 10, "replicas")] = 1
    """Web pods; each runs gunicorn with its workers."""
    resources: Resources = Resources()
    """Of each pod."""
    allowed_hosts: tuple[Annotated[str, checks.host_name], ...] = ()
    """ALLOWED_HOSTS; by default the host. Only the host itself gets a certificate and a way in."""
    csrf_trusted_origins: tuple[Annotated[str, checks.origin], ...] = ()
    """CSRF_TRUSTED_ORIGINS; by default the https origin of every allowed host."""
    environment: Annotated[
        Mapping[Annotated[str, checks.environment_name], str], checks.plain_settings
    ] = field(default_factory=dict)
    """Further plain settings; a change in one rolls the pods."""
    secret_keys: tuple[Annotated[str, checks.environment_name], ...] = (
        "SECRET_KEY",
        "DATABASE_URL",
    )
    """Settings that are read from the Secret `<name>-env`."""
    run_as_user: Annotated[int, checks.between(1, 65535, "as a user id")] = 1000
    """The user id of the image's own user; the kubelet cannot check a name for being non-root."""
    graceful_timeout_seconds: Seconds = 30
    """How long running requests may take when a pod ends: gunicorn's --graceful-timeout."""
    migrate_timeout_seconds: Seconds = 600
    """After how long a migration that has not ended counts as failed."""
    smoke: Smoke = Smoke()
    """Which pages `ops smoke` visits."""
    extend: Extension | None = None
    """A function of the app's `DjangoAppChart`: patches its parts, or adds constructs to it."""

    def agree(self) -> None:
        """Fields that contradict each other."""
        for host in (self.host, *self.allowed_hosts):
            if host not in self.hosts:
                raise ValueError(f"allowed_hosts lacks the host {host!r}; add it")
            if f"https://{host}" not in self.trusted_origins:
                raise ValueError(f"csrf_trusted_origins lacks 'https://{host}'; add it")
        self._agree_on_settings()

    def _agree_on_settings(self) -> None:
        for name in self.environment:
            if name in RENDERED_SETTINGS | set(self.secret_keys):
                raise ValueError(f"environment sets {name!r}, which is set already; remove it")
        if not self.secret_keys or len(set(self.secret_keys)) < len(self.secret_keys):
            raise ValueError(f"secret_keys {self.secret_keys} must name each key once, and one")
        for key in self.secret_keys:
            if key in RENDERED_SETTINGS:
                raise ValueError(f"secret_keys names {key!r}, which is no secret; remove it")

    @property
    def hosts(self) -> tuple[str, ...]:
        """What ALLOWED_HOSTS says."""
        return self.allowed_hosts or (self.host,)

    @property
    def trusted_origins(self) -> tuple[str, ...]:
        """What CSRF_TRUSTED_ORIGINS says."""
        return self.csrf_trusted_origins or tuple(f"https://{host}" for host in self.hosts)

    @property
    def secret_name(self) -> str:
        """The Secret that holds the secret settings; it is applied separately, never rendered."""
        return f"{self.name}-env"

    @property
    def tls_secret_name(self) -> str:
        """The Secret that cert-manager writes the certificate to."""
        return f"{self.name}-tls"
