"""Which Secrets an app needs, as its rendered documents state."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ops.documents.fleet import App
from ops.errors import OpsError
from ops.kinds.database import Database
from ops.kinds.database_role import DatabaseRole
from railiance.annotations import POSTGRES_HOST
from railiance.postgres import credentials_name

USERNAME, PASSWORD = "username", "password"
SECRET_KEY, FALLBACKS, DATABASE_URL = "SECRET_KEY", "SECRET_KEY_FALLBACKS", "DATABASE_URL"

_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_KEY = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What must be there before an app can run."""

    app: str
    namespace: str
    keys: Mapping[str, Sequence[str]]
    """The keys by the Secret's name: those that the workloads read, and the role's credentials."""
    credentials: str
    """The name of the Secret with the PostgreSQL role's user name and password."""
    platform_namespace: str
    """Where CloudNativePG reads the credentials."""
    declares_role: bool
    """Whether the role is declared with the app; else the Secret there is the platform's."""
    role: str
    database: str
    host: str

    @property
    def file(self) -> Path:
        """The encrypted file, in the repository."""
        return Path("secrets", f"{self.app}.sops.yaml")

    @classmethod
    def by(cls, app: App) -> "Wanted":
        """What an app needs; OpsError if its documents do not state it, or name no Secret."""
        manifest = app.manifest(Database)
        spec, host = manifest.typed(Database).spec, manifest.annotations.get(POSTGRES_HOST, "")
        role, name = spec.owner, spec.name
        if not (host and role and name):
            raise OpsError(f"{manifest} does not state role, database and host; run `make synth`")
        credentials = credentials_name(role)
        keys = {**app.secret_keys, credentials: [USERNAME, PASSWORD]}
        _refuse_hostile(app, keys)
        return cls(
            app=app.name,
            namespace=app.namespace,
            keys=keys,
            credentials=credentials,
            platform_namespace=manifest.namespace,
            declares_role=bool(app.manifests(DatabaseRole)),
            role=role,
            database=name,
            host=host,
        )


def _refuse_hostile(app: App, keys: Mapping[str, Sequence[str]]) -> None:
    """Names become paths and lines of output, so only what Kubernetes accepts is accepted."""
    for name in (app.name, app.namespace, *keys):
        if not _NAME.fullmatch(name):
            raise OpsError(
                f"{name!r} in dist/ is not a valid Secret name; run `make gate` for the location"
            )
    for key in (key for found in keys.values() for key in found):
        if not _KEY.fullmatch(key):
            raise OpsError(
                f"{key!r} in dist/ is not a valid Secret key; run `make gate` for the location"
            )
