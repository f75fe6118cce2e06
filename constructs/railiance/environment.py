"""The environment variables of an app's pods."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from imports.kubernetes import EnvVar
    from railiance.django_app import DjangoApp

    Variables = Mapping[str, Callable[[DjangoApp], str]]

WRITABLE_FOLDERS = {"tmp": "/tmp", "run": "/run"}  # noqa: S108 (folders in the container)
"""Django's uploads and gunicorn's worker files go to /tmp, gunicorn's control socket (since 25.1)
to XDG_RUNTIME_DIR; the rest of the container's file system is read-only."""

DECLARED: Variables = {
    "DJANGO_SETTINGS_MODULE": lambda app: app.settings_module,
    "ALLOWED_HOSTS": lambda app: ",".join(app.hosts),
    "CSRF_TRUSTED_ORIGINS": lambda app: ",".join(app.trusted_origins),
}
"""Settings that have a field of their own."""
EVERY_POD: Variables = {
    "GUNICORN_CMD_ARGS": lambda app: f"--graceful-timeout={app.graceful_timeout_seconds}",
    "HOME": lambda _: WRITABLE_FOLDERS["tmp"],
    "TMPDIR": lambda _: WRITABLE_FOLDERS["tmp"],
    "XDG_RUNTIME_DIR": lambda _: WRITABLE_FOLDERS["run"],
}
"""Variables that depend on how pods are rendered."""
RESERVED = {*DECLARED, *EVERY_POD}
"""Names that an app's `environment` and `secret_keys` cannot use."""


def environment(app: DjangoApp) -> list[EnvVar]:
    """Plain settings by value, so that a change rolls the pods; secret settings by reference."""
    plain = {
        **{name: value(app) for name, value in DECLARED.items()},
        **app.environment,
        **{name: value(app) for name, value in EVERY_POD.items()},
    }
    values: list[EnvVar] = [{"name": name, "value": value} for name, value in plain.items()]
    references: list[EnvVar] = [
        {"name": key, "valueFrom": {"secretKeyRef": {"name": app.secret_name, "key": key}}}
        for key in app.secret_keys
    ]
    return values + references
