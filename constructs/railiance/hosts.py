"""Checks of an app's hosts against each other: what is public, allowed and trusted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from railiance.django_app import DjangoApp


def check(app: DjangoApp) -> None:
    """Raises ValueError for a host declared twice, and for one not both public and allowed."""
    _refuse_repeated(app)
    for host in app.served_hosts:
        if host not in app.hosts:
            raise ValueError(f"allowed_hosts lacks the host {host!r}; add it")
        if f"https://{host}" not in app.trusted_origins:
            raise ValueError(f"csrf_trusted_origins lacks 'https://{host}'; add it")
    for host in app.hosts:
        _refuse_unserved(app, host, f"allowed_hosts has {host!r}")
    for origin in app.trusted_origins:
        host = origin.removeprefix("https://")
        _refuse_unserved(app, host, f"csrf_trusted_origins has {origin!r}")


def _refuse_repeated(app: DjangoApp) -> None:
    if host := _repeated(added.host for added in app.additional_hosts):
        raise ValueError(f"the host {host!r} is declared twice; remove it from additional_hosts")
    if app.host in (added.host for added in app.additional_hosts if added.redirect):
        raise ValueError(f"the host {app.host!r} would be redirected to itself; remove redirect")
    secrets = (added.tls_secret_name for added in app.additional_hosts)
    if secret := _repeated((app.tls_secret_name, *secrets)):
        raise ValueError(
            f"two hosts would have their certificate in Secret {secret!r}; rename one of them"
        )


def _repeated(values: Iterable[str]) -> str | None:
    """The first value that is there before."""
    seen: set[str] = set()
    for value in values:
        if value in seen:
            return value
        seen.add(value)
    return None


def _refuse_unserved(app: DjangoApp, host: str, problem: str) -> None:
    if host not in app.public_hosts:
        fix = f"add AdditionalHost(host={host!r}) to additional_hosts"
        raise ValueError(f"{problem}, which nothing serves; {fix}")
