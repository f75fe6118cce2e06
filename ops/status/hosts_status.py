"""The hosts of an app besides its main one."""

from __future__ import annotations

from ops.documents.fleet import App
from ops.documents.hosts import PublicHost
from ops.results.result import Result, State
from ops.status.certificate_status import certificate_of
from ops.status.exposure_status import ingress_of
from ops.status.reading import Live


def additional(app: App, live: Live) -> Result | None:
    """Whether each additional host has its certificate and is served; None if there is none."""
    if not app.additional_hosts:
        return None
    hosts = {host: _parts(host, app, live) for host in app.additional_hosts}
    good = [host for host, parts in hosts.items() if all(map(_is_ok, parts))]
    states = [part.state for parts in hosts.values() for part in parts]
    details = [
        f"{host.name}: {part.id}: {part.evidence}"
        for host, parts in hosts.items()
        for part in parts
        if not _is_ok(part)
    ]
    return Result(
        id="hosts",
        state=max(states, key=list(State).index),
        evidence=f"{len(good)} of {len(hosts)} additional hosts can be reached",
        details=details,
        facts={
            "hosts": {
                host.name: {
                    "redirected": host.is_redirected,
                    **{part.id: part.state for part in parts},
                }
                for host, parts in hosts.items()
            }
        },
    )


def _parts(host: PublicHost, app: App, live: Live) -> list[Result]:
    return [certificate_of(host, app, live), ingress_of(host, app, live)]


def _is_ok(result: Result) -> bool:
    return result.state is State.OK
