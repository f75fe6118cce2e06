"""The environment variables of an app's pods."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from railiance import valkey

if TYPE_CHECKING:
    from imports.kubernetes import EnvVar
    from railiance.django_app import DjangoApp
    from railiance.platform import Platform

WRITABLE_FOLDERS = {"tmp": "/tmp", "run": "/run"}  # noqa: S108 (folders in the container)
"""Django's uploads and gunicorn's worker files go to /tmp, gunicorn's control socket (since 25.1)
to XDG_RUNTIME_DIR; the rest of the container's file system is read-only."""
POSTGRES_PORT = 5432


def environment(app: DjangoApp, platform: Platform) -> list[EnvVar]:
    """Plain settings by value, so that a change rolls the pods; secret settings by reference."""
    plain = {
        **_declared(app),
        **_services(app, platform.postgres_host),
        **_storage(app),
        **app.environment,
        **_every_pod(app),
    }
    values: list[EnvVar] = [{"name": key, "value": as_written(text)} for key, text in plain.items()]
    references: list[EnvVar] = [
        {"name": key, "valueFrom": {"secretKeyRef": {"name": app.secret_name, "key": key}}}
        for key in app.secret_variables
    ]
    return values + references


def plain_names(app: DjangoApp) -> set[str]:
    """The variables that an app's `environment` and `secret_keys` cannot use."""
    return set(_plain_names(app))


def repeated_names(app: DjangoApp) -> list[str]:
    """The plain variables of two settings."""
    return [name for name, count in Counter(_plain_names(app)).items() if count > 1]


def _plain_names(app: DjangoApp) -> list[str]:
    services = _services(app, postgres_host="")
    return [*_declared(app), *services, *_storage(app), *_every_pod(app)]


def as_written(text: str) -> str:
    """A value or argument that reaches the process as it is.

    Kubernetes replaces `$(NAME)` by a variable and `$$` by `$`.
    Source: Kubernetes, "Define Dependent Environment Variables".
    """
    return re.sub(r"\$(?=[$(])", "$$", text)


def _declared(app: DjangoApp) -> dict[str, str]:
    """Settings that have a field of their own."""
    names = app.names
    settings = {
        "DJANGO_SETTINGS_MODULE": app.settings_module,
        names.hosts: names.host_separator.join(app.hosts),
        names.origins: names.host_separator.join(app.trusted_origins),
    }
    return {name: value for name, value in settings.items() if name}


def _services(app: DjangoApp, postgres_host: str) -> dict[str, str]:
    """Where the database and Valkey are, if the app takes that in parts."""
    settings: dict[str | None, str] = {}
    if parts := app.names.database:
        settings |= {
            parts.name: app.database.name,
            parts.user: app.database.role,
            parts.host: postgres_host,
            parts.port: str(POSTGRES_PORT),
        }
    if app.valkey:
        settings |= {
            app.valkey.host: valkey.host(app.name),
            app.valkey.port: str(valkey.PORT),
        }
    return {name: value for name, value in settings.items() if name}


def _storage(app: DjangoApp) -> dict[str, str]:
    """Which bucket the app has."""
    return app.storage.plain if app.storage else {}


def _every_pod(app: DjangoApp) -> dict[str, str]:
    """Variables that depend on how pods are rendered."""
    timeout = app.request_timeout_seconds
    gunicorn = (
        f"--graceful-timeout={app.graceful_timeout_seconds}",
        *([f"--timeout={timeout}"] if timeout else []),
    )
    return {
        "GUNICORN_CMD_ARGS": " ".join(gunicorn),
        "HOME": WRITABLE_FOLDERS["tmp"],
        "TMPDIR": WRITABLE_FOLDERS["tmp"],
        "XDG_RUNTIME_DIR": WRITABLE_FOLDERS["run"],
    }
