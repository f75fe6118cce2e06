"""Where the app can be reached."""

from __future__ import annotations

from datetime import timedelta

from ops.documents.fleet import App
from ops.documents.hosts import PublicHost
from ops.kinds.ingress import Ingress
from ops.objects.times import is_younger
from ops.results.result import Result, State
from ops.status.absence import absent
from ops.status.reading import Live

PUBLISHED_WITHIN = timedelta(minutes=5)
"""How long an Ingress may be without an address until that counts as a failure."""


def ingress(app: App, live: Live) -> Result:
    """The Ingress of the main host."""
    return ingress_of(app.main_host, app, live)


def ingress_of(host: PublicHost, app: App, live: Live) -> Result:
    """The address at which a host is served, against the platform's public one."""
    found = live.typed(Ingress, host.ingress)
    if found is None:
        return absent("ingress", host.ingress, app, live)
    wanted, addresses = app.platform.public_address, found.status.addresses
    evidence = f"{host.name} at {', '.join(addresses) or 'no address yet'}"
    if not addresses:
        state = State.IN_PROGRESS if is_younger(found, PUBLISHED_WITHIN) else State.FAILED
    elif wanted in addresses:
        state = State.OK
    else:
        state, evidence = State.FAILED, f"{evidence}; declared: {wanted}"
    return Result(id="ingress", state=state, evidence=evidence, facts={"addresses": addresses})
