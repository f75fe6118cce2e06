"""How an app calls the settings that every app has, and what its secrets are."""

import json
from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Annotated

from railiance import checks
from railiance.declaration import declaration
from railiance.json_object import json_object

if TYPE_CHECKING:
    from railiance.django_app import DjangoApp

Variable = Annotated[str, checks.environment_name]


@declaration
class DatabaseParts:
    """The variables of an app that takes its database in parts instead of one URL."""

    password: Variable
    """The password; a key of the app's Secret."""
    name: Variable | None = None
    """The database's name."""
    user: Variable | None = None
    """The role."""
    host: Variable | None = None
    """The host."""
    port: Variable | None = None
    """The port."""


@declaration
class Names:
    """The variables in which an app expects its settings.

    Defaults: those of django-environ's examples.
    """

    secret_key: Variable | None = "SECRET_KEY"  # noqa: S105 (the name of a variable)
    """SECRET_KEY; none if the app takes it from elsewhere."""
    secret_key_fallbacks: Variable = "SECRET_KEY_FALLBACKS"  # noqa: S105 (the name of a variable)
    """The previous SECRET_KEY; used if `secret_keys` names it."""
    database_url: Variable | None = "DATABASE_URL"
    """The database as one URL; none if the app takes it in parts."""
    database: DatabaseParts | None = None
    """The database in parts."""
    hosts: Variable | None = "ALLOWED_HOSTS"
    """ALLOWED_HOSTS; none if a configuration file states them."""
    host_separator: Annotated[str, checks.one_of(",", " ", ";")] = ","
    """What is between two hosts, and between two origins."""
    origins: Variable | None = "CSRF_TRUSTED_ORIGINS"
    """CSRF_TRUSTED_ORIGINS; none if the app derives them."""

    def validate(self) -> None:
        """Each setting has a name of its own."""
        parts = vars(self.database).values() if self.database else ()
        named = (self.secret_key, self.secret_key_fallbacks, self.database_url)
        names = [name for name in (*named, self.hosts, self.origins, *parts) if name]
        if len(set(names)) < len(names):
            raise ValueError("two settings have the same name; give each its own")

    @property
    def secrets(self) -> tuple[str | None, ...]:
        """The secrets that every app needs."""
        password = self.database.password if self.database else None
        return (self.secret_key, self.database_url, password)


SECRET_KEY, FALLBACKS = "secret-key", "secret-key-fallbacks"
DATABASE_URL, DATABASE_PASSWORD = "database-url", "database-password"
VALKEY_URL, VALKEY_PASSWORD = "valkey-url", "valkey-password"
GENERATED = "generated"
USUAL: Mapping[str, str] = {
    "SECRET_KEY": SECRET_KEY,
    "SECRET_KEY_FALLBACKS": FALLBACKS,
    "DATABASE_URL": DATABASE_URL,
}
"""The kinds of secrets that need not be stated."""
_KIND = (
    rf"{SECRET_KEY}|{FALLBACKS}|{DATABASE_URL}|{DATABASE_PASSWORD}|{VALKEY_PASSWORD}"
    rf"|{VALKEY_URL}/([0-9]|1[0-5])|{GENERATED}/[0-9]{{1,3}}"
)


@declaration
class StatedNames:
    """What readers of the rendered YAML must know of an app's settings, as an annotation."""

    hosts: Variable | None = "ALLOWED_HOSTS"
    """The variable with the allowed hosts."""
    separator: Annotated[str, checks.one_of(",", " ", ";")] = ","
    """What is between two of them."""
    origins: Variable | None = "CSRF_TRUSTED_ORIGINS"
    """The variable with the trusted origins."""
    secrets: Mapping[Variable, Annotated[str, checks.pattern(_KIND, "is not a kind of secret")]] = (
        field(default_factory=lambda: dict(USUAL))
    )
    """What the keys of the app's Secret are, such as `database-url`, `valkey-url/1` for the URL of
    a database, `generated/50` for a length; an operator gives the value of any other key."""

    def as_json(self) -> str:
        """The names as JSON."""
        return json.dumps({**vars(self), "secrets": dict(self.secrets)})

    @classmethod
    def from_json(cls, text: str) -> "StatedNames":
        """The names from `as_json`'s text; ValueError if it is not valid."""
        return cls(**json_object(json.loads(text)))


def stated_names(app: "DjangoApp") -> StatedNames | None:
    """What readers must know of an app's settings; None if it is all as usual."""
    kinds = {key: kind for key, kind in _kinds(app).items() if key in app.secret_variables}
    usual = {key: USUAL[key] for key in app.secret_variables if key in USUAL}
    names = app.names
    stated = StatedNames(
        hosts=names.hosts,
        separator=names.host_separator,
        origins=names.origins,
        secrets=USUAL if kinds == usual else kinds,
    )
    return None if stated == StatedNames() else stated


def _kinds(app: "DjangoApp") -> dict[str | None, str]:
    """The kind of each secret whose value `ops secrets` can make."""
    names, valkey = app.names, app.valkey
    kinds: dict[str | None, str] = {
        names.secret_key: SECRET_KEY,
        names.secret_key_fallbacks: FALLBACKS,
        names.database_url: DATABASE_URL,
        **{name: f"{GENERATED}/{length}" for name, length in app.generated_secrets.items()},
    }
    if names.database:
        kinds[names.database.password] = DATABASE_PASSWORD
    if valkey:
        kinds |= {name: f"{VALKEY_URL}/{number}" for name, number in valkey.urls.items()}
        kinds[valkey.password] = VALKEY_PASSWORD
    return kinds
