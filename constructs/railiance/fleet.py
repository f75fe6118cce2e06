"""Checks across all apps: collisions between apps, and conflicts with the platform."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from railiance.django_app import DjangoApp
from railiance.errors import DeclarationError
from railiance.platform import Platform

ROOT_CHART = "root"
"""The name of the chart, and of the file, with the root Application."""


@dataclass(frozen=True)
class Claims:
    """Names and hosts that an app uses exclusively."""

    name: str
    hosts: tuple[str, ...]
    database: str
    role: str
    image_repository: str
    needs_valkey: bool

    @classmethod
    def from_app(cls, app: DjangoApp) -> "Claims":
        """The claims of a declared app."""
        return cls(
            name=app.name,
            hosts=app.public_hosts,
            database=app.database.name,
            role=app.database.role,
            image_repository=app.image.repository,
            needs_valkey=app.valkey is not None,
        )


_UNIQUE: tuple[tuple[str, Callable[[Claims], tuple[str, ...]]], ...] = (
    ("name", lambda app: (app.name,)),
    ("host", lambda app: app.hosts),
    ("database.name", lambda app: (app.database,)),
    ("database.role", lambda app: (app.role,)),
)


def check(apps: Sequence[DjangoApp], platform: Platform) -> None:
    """Raises DeclarationError for the first app that collides with another or with the platform."""
    if not isinstance(apps, Sequence) or not all(isinstance(app, DjangoApp) for app in apps):
        raise DeclarationError("APPS takes DjangoApps, in a tuple; see apps/__init__.py")
    if not apps:
        raise DeclarationError("APPS is empty, which would remove every app from the cluster")
    check_claims([Claims.from_app(app) for app in apps], platform)


def check_claims(apps: Sequence[Claims], platform: Platform) -> None:
    """The same check for apps whose claims are known without importing them."""
    for app in apps:
        for problem in _misfits(app, platform):
            raise DeclarationError(f"{app.name}: {problem}")
    for field, read in _UNIQUE:
        _refuse_shared(apps, field, read)


def _misfits(app: Claims, platform: Platform) -> Iterator[str]:
    if not app.image_repository.startswith(f"{platform.registry}/"):
        yield f"image {app.image_repository!r} is not from the registry {platform.registry}"
    elif not platform.owns(app.image_repository):
        owners = ", ".join(platform.image_owners)
        yield f"image {app.image_repository!r} is not by an owner whose images run here: {owners}"
    if app.needs_valkey and not platform.valkey_image:
        yield f"{platform.name} has no Valkey image; set valkey_image of the platform"
    for host in app.hosts:
        if host in platform.reserved_hosts:
            yield f"host {host!r} belongs to another service on {platform.name}; choose another"
        elif not platform.has_domain_of(host):
            domains = ", ".join(platform.app_domains)
            yield f"host {host!r} is not in a domain of the apps on {platform.name}: {domains}"
    if app.role in platform.reserved_roles:
        yield f"role {app.role!r} belongs to another service; name one for this app alone"
    if app.database in platform.reserved_roles:
        yield f"database {app.database!r} belongs to another service; name one for this app alone"
    if platform.has_namespace(app.name) or app.name in (platform.name, ROOT_CHART):
        yield f"the name {app.name!r} belongs to the platform; rename the app"


def _refuse_shared(
    apps: Sequence[Claims], field: str, read: Callable[[Claims], tuple[str, ...]]
) -> None:
    owners: dict[str, str] = {}
    for app in apps:
        for value in read(app):
            if value in owners:
                both = f"{app.name} and {owners[value]} both have {field} {value!r}"
                raise DeclarationError(f"{both}; give one of them its own")
        owners.update(dict.fromkeys(read(app), app.name))
