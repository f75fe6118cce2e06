"""Where the app is to be reached."""

from __future__ import annotations

from ops.cluster.reported import addresses
from ops.rendered import App
from ops.status.item import Item, Verdict
from ops.status.live import Live


def ingress(app: App, live: Live) -> Item:
    """The address at which the Ingress is served, against the platform's public one."""
    manifest = app.one("Ingress")
    document, wanted = live.of(manifest), app.platform["public-address"]
    if document is None:
        return Item("ingress", Verdict.WRONG, f"there is no {manifest}")
    found = addresses(document)
    text = f"{app.host} at {', '.join(found) or 'no address yet'}"
    if not found:
        return Item("ingress", Verdict.UNDER_WAY, text, facts={"addresses": found})
    verdict = Verdict.OK if wanted in found else Verdict.WRONG
    declared = "" if verdict is Verdict.OK else f"; declared is {wanted}"
    return Item("ingress", verdict, text + declared, facts={"addresses": found})
