"""The declaration of a Django app."""

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Annotated, Any

from railiance import app_rules, checks
from railiance.additional_host import AdditionalHost
from railiance.declaration import declaration
from railiance.folders import (
    ConfigurationFile,
    DataFolder,
    MediaVolume,
    ScratchFolder,
    SecretFile,
)
from railiance.image import Image
from railiance.names import Names
from railiance.object_storage import ObjectStorage
from railiance.processes import Argument, Schedule, Worker
from railiance.resources import Resources
from railiance.secret_names import files_secret, settings_secret
from railiance.shared_database import SharedDatabase
from railiance.smoke import Smoke
from railiance.valkey import Valkey

if TYPE_CHECKING:
    from railiance.app_chart import DjangoAppChart

    Extension = Callable[[DjangoAppChart], None]
else:
    Extension = Callable[[Any], None]  # a declaration does not load cdk8s

Seconds = Annotated[int, checks.between(1, 3600, "seconds")]
LAUNCHER = ("python", "manage.py")


@declaration
class DjangoApp:
    """A Django app on a host of its own.

    Defaults: gunicorn as the image starts it, the host is the only allowed host and its https
    origin the only trusted origin, SECRET_KEY and DATABASE_URL come from the Secret `<name>-env`,
    one replica, no worker, no schedule, no Valkey, no volume.
    """

    name: Annotated[str, checks.app_name]
    """The name of the namespace and of the objects in it."""
    host: Annotated[str, checks.public_host]
    """The public host, used by the certificate, the Ingress and the probes."""
    image: Image
    """The image of the web pods and the migrate Job."""
    settings_module: Annotated[str, checks.settings_module]
    """DJANGO_SETTINGS_MODULE; must be production settings."""
    database: SharedDatabase
    """The app's own database in the shared cluster."""
    media: MediaVolume | None = None
    """A volume for uploads, if the app stores any."""
    storage: ObjectStorage | None = None
    """A bucket for uploads; with `media` as well while they are moved there."""
    health_path: Annotated[str, checks.url_path] = "/health/"
    """A path that answers 200 without a login when the app can serve."""
    port: Annotated[int, checks.unprivileged_port] = 8000
    """The port that gunicorn listens on in the container."""
    replicas: Annotated[int, checks.between(1, 10, "replicas")] = 1
    """Number of web pods; each runs gunicorn with its workers."""
    resources: Resources = Resources()
    """Resource requests and limits of each pod."""
    allowed_hosts: tuple[Annotated[str, checks.host_name], ...] = ()
    """ALLOWED_HOSTS; by default the host and all additional hosts."""
    csrf_trusted_origins: tuple[Annotated[str, checks.origin], ...] = ()
    """CSRF_TRUSTED_ORIGINS; by default the https origin of every allowed host."""
    additional_hosts: tuple[AdditionalHost, ...] = ()
    """More public hosts, each with a certificate of its own, served or redirected."""
    maintenance: bool = False
    """Whether visitors see a maintenance page (503); `ops maintenance` turns it on and off."""
    environment: Annotated[
        Mapping[Annotated[str, checks.variable_name], str], checks.plain_settings
    ] = field(default_factory=dict)
    """More settings in plain text, which pods get exactly as written; a change rolls the pods."""
    names: Names = Names()
    """The variables in which the app expects its database, SECRET_KEY and hosts."""
    secret_keys: tuple[Annotated[str, checks.environment_name], ...] | None = None
    """Settings that pods read from the Secret `<name>-env`; by default SECRET_KEY and the
    database's URL or password, by their names. Those of Valkey and of `generated_secrets` are
    added."""
    generated_secrets: Mapping[
        Annotated[str, checks.environment_name],
        Annotated[int, checks.between(16, 256, "characters")],
    ] = field(default_factory=dict)
    """More secret settings that `ops secrets init` generates, each with its length."""
    secret_files: tuple[SecretFile, ...] = ()
    """Files from the Secret `<name>-files`, such as a private key."""
    registry_login: bool = False
    """Whether the image is private: pods pull it with the Secret `<name>-registry`."""
    configuration_files: tuple[ConfigurationFile, ...] = ()
    """Files of the repository that pods read."""
    scratch_folders: tuple[ScratchFolder, ...] = ()
    """More folders that pods can write, empty at their start."""
    data_folders: tuple[DataFolder, ...] = ()
    """More volumes, shared by web pods, workers and schedules."""
    valkey: Valkey | None = None
    """A Valkey for this app, as a cache or for queues."""
    workers: tuple[Worker, ...] = ()
    """Processes that work in the background."""
    schedules: tuple[Schedule, ...] = ()
    """Commands that run at set times."""
    web_command: tuple[Argument, ...] = ()
    """The command of the web pods, such as uvicorn or daphne; by default the image's own."""
    web_connections: Annotated[int, checks.between(1, 1000, "connections")] = 4
    """Number of database connections that one web pod can open: processes x threads."""
    launcher: tuple[Argument, ...] = LAUNCHER
    """What starts a management command in the image."""
    python: Annotated[str, checks.argument] = "python"
    """The image's Python that can import Django and the settings."""
    working_folder: Annotated[str, checks.absolute_file] | None = None
    """The folder in which commands start; by default the image's."""
    upgrade_steps: tuple[tuple[Argument, ...], ...] = ()
    """Management commands that the migrate Job runs after `migrate`, in order."""
    run_as_user: Annotated[int, checks.between(1, 65535, "as a user id")] = 1000
    """The numeric user ID of the image's user; the kubelet cannot verify a name as non-root."""
    graceful_timeout_seconds: Seconds = 30
    """Time for running requests to finish when a pod ends: gunicorn's --graceful-timeout."""
    request_timeout_seconds: Seconds | None = None
    """Time after which gunicorn kills a worker that is busy with one request: its --timeout; by
    default the image's, else 30."""
    migrate_timeout_seconds: Seconds = 600
    """Time after which an unfinished migration counts as failed."""
    smoke: Smoke = Smoke()
    """The pages that `ops smoke` visits."""
    extend: Extension | None = None
    """A function of the app's `DjangoAppChart` that patches its parts or adds constructs."""

    def validate(self) -> None:
        """Fields must not contradict each other."""
        app_rules.check(self)

    @property
    def public_hosts(self) -> tuple[str, ...]:
        """Every host with a certificate and an Ingress, the main one first."""
        return tuple(dict.fromkeys((self.host, *(added.host for added in self.additional_hosts))))

    @property
    def served_hosts(self) -> tuple[str, ...]:
        """The hosts under which visitors reach the app: all but the redirected ones."""
        served = (added.host for added in self.additional_hosts if not added.redirect)
        return tuple(dict.fromkeys((self.host, *served)))

    @property
    def hosts(self) -> tuple[str, ...]:
        """The value of ALLOWED_HOSTS.

        A redirected host is among them: pods get the setting before its Ingress redirects, and
        meanwhile answer its visitors.
        """
        return self.allowed_hosts or self.public_hosts

    @property
    def trusted_origins(self) -> tuple[str, ...]:
        """The value of CSRF_TRUSTED_ORIGINS."""
        return self.csrf_trusted_origins or tuple(f"https://{host}" for host in self.hosts)

    @property
    def secret_variables(self) -> tuple[str, ...]:
        """Every variable that pods read from the Secret `<name>-env`."""
        valkey = (*self.valkey.urls, self.valkey.password) if self.valkey else ()
        own = self.names.secrets if self.secret_keys is None else self.secret_keys
        storage = self.storage.names.secret if self.storage else ()
        every = (*own, *valkey, *self.generated_secrets, *storage)
        return tuple(dict.fromkeys(name for name in every if name))

    @property
    def has_more_pods(self) -> bool:
        """Whether it has pods besides those of web and migrate."""
        return bool(self.workers or self.schedules or self.valkey)

    @property
    def secret_name(self) -> str:
        """The Secret with the secret settings; it is applied separately, never rendered."""
        return settings_secret(self.name)

    @property
    def files_name(self) -> str:
        """The ConfigMap with configuration files, and the Secret with secret files."""
        return files_secret(self.name)

    @property
    def tls_secret_name(self) -> str:
        """The Secret that cert-manager stores the certificate in."""
        return f"{self.name}-tls"
