"""Which Secrets an app needs, as its rendered documents state."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ops.documents.fleet import App
from ops.errors import OpsError, UsageError
from ops.kinds.database import Database
from ops.kinds.database_role import DatabaseRole
from ops.secrets import registry_login
from ops.secrets.decrypted import OPAQUE
from ops.secrets.wanted_key import (
    FILE,
    GIVEN,
    LOGIN,
    REPEATED,
    ROLE,
    ROLE_PASSWORD,
    VALKEY_ACL,
    WantedKey,
)
from railiance.annotations import POSTGRES_HOST
from railiance.postgres import credentials_name
from railiance.secret_names import PASSWORD, REGISTRY_LOGIN, USERNAME, files_secret
from railiance.valkey import host as valkey_host
from railiance.valkey_access import PASSWORD_FILE

BASIC_AUTH = "kubernetes.io/basic-auth"
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_KEY = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What must be there before an app can run."""

    app: str
    namespace: str
    all_keys: Sequence[WantedKey]
    """The keys that the workloads read, and the role's credentials."""
    credentials: str
    """The name of the Secret with the PostgreSQL role's user name and password."""
    platform_namespace: str
    """Where CloudNativePG reads the credentials."""
    declares_role: bool
    """Whether the role is declared with the app; else the Secret there is the platform's."""
    role: str
    database: str
    host: str
    registry: str
    """The registry of the platform, which a registry login is for."""

    @property
    def file(self) -> Path:
        """The encrypted file, in the repository."""
        return Path("secrets", f"{self.app}.sops.yaml")

    def command(self, verb: str, *arguments: str) -> str:
        """A command of `ops secrets` for this app, as it can be run however many apps there are."""
        return " ".join(("ops", "secrets", verb, *arguments, "--app", self.app))

    @property
    def keys(self) -> Mapping[str, Sequence[str]]:
        """The names of the keys by the Secret's name."""
        names = dict.fromkeys(key.secret for key in self.all_keys)
        return {name: [key.name for key in self.all_keys if key.secret == name] for name in names}

    def key(self, name: str) -> WantedKey:
        """The key of this name; UsageError if the app needs none."""
        for key in self.all_keys:
            if key.name == name:
                return key
        known = ", ".join(key.name for key in self.all_keys)
        raise UsageError(f"{self.app} needs no such key; it needs {known}")

    def of(self, *kinds: str) -> list[WantedKey]:
        """The keys of these kinds."""
        return [key for key in self.all_keys if key.kind in kinds]

    def repeating(self, source: str) -> list[WantedKey]:
        """The keys that repeat the password of this kind."""
        return self.of(*REPEATED[source])

    def type_of(self, secret: str) -> str:
        """The type of a Secret."""
        if secret == self.credentials:
            return BASIC_AUTH
        is_login = any(key.secret == secret for key in self.of(LOGIN))
        return registry_login.TYPE if is_login else OPAQUE

    @classmethod
    def by(cls, app: App) -> "Wanted":
        """What an app needs; OpsError if its documents do not state it, or name no Secret."""
        manifest = app.manifest(Database)
        spec, host = manifest.typed(Database).spec, manifest.annotations.get(POSTGRES_HOST, "")
        role, name = spec.owner, spec.name
        if not (host and role and name):
            raise OpsError(f"{manifest} does not state role, database and host; run `make synth`")
        credentials = credentials_name(role)
        keys = [
            *_keys(app),
            WantedKey(secret=credentials, name=USERNAME, kind=ROLE),
            WantedKey(secret=credentials, name=PASSWORD, kind=ROLE_PASSWORD),
        ]
        _refuse_hostile(app, keys)
        _refuse_repeated(keys)
        return cls(
            app=app.name,
            namespace=app.namespace,
            all_keys=keys,
            credentials=credentials,
            platform_namespace=manifest.namespace,
            declares_role=bool(app.manifests(DatabaseRole)),
            role=role,
            database=name,
            host=host,
            registry=app.platform.registry,
        )


def _keys(app: App) -> Iterator[WantedKey]:
    """The keys that the workloads read, and Valkey's password if they do, each with its kind."""
    needed = {**app.secret_keys}
    if any(kind.startswith(REPEATED[VALKEY_ACL]) for kind in app.names.secrets.values()):
        needed.setdefault(valkey_host(app.name), [PASSWORD_FILE])
    for secret, names in needed.items():
        for name in names:
            kind, _, number = _kind(app, secret, name).partition("/")
            yield WantedKey(secret=secret, name=name, kind=kind, number=int(number or 0))


def _kind(app: App, secret: str, name: str) -> str:
    if name == REGISTRY_LOGIN:
        return LOGIN
    if (secret, name) == (valkey_host(app.name), PASSWORD_FILE):
        return VALKEY_ACL
    if secret == files_secret(app.name):
        return FILE
    return app.names.secrets.get(name, GIVEN)


def _refuse_hostile(app: App, keys: Sequence[WantedKey]) -> None:
    """Names become paths and lines of output, so only what Kubernetes accepts is accepted."""
    for name in (app.name, app.namespace, *(key.secret for key in keys)):
        if not _NAME.fullmatch(name):
            raise OpsError(
                f"{name!r} in dist/ is not a valid Secret name; run `make gate` for the location"
            )
    for key in keys:
        if not _KEY.fullmatch(key.name):
            raise OpsError(
                f"{key.name!r} in dist/ is not a valid Secret key; run `make gate` for the location"
            )


def _refuse_repeated(keys: Sequence[WantedKey]) -> None:
    """Operators name a key without its Secret."""
    secrets: dict[str, str] = {}
    for key in keys:
        if other := secrets.get(key.name):
            problem = f"{key.name} is a key of the Secret {other} and of {key.secret}"
            raise OpsError(f"{problem}; give one of them another name in the declaration")
        secrets[key.name] = key.secret
