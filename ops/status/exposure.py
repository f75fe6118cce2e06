"""Where the app is to be reached."""

from __future__ import annotations

from datetime import timedelta

from ops.cluster.reported import addresses, is_younger
from ops.rendered import App
from ops.status.item import Item, Verdict
from ops.status.live import Live

PUBLISHED_WITHIN = timedelta(minutes=5)
"""How long an Ingress may be without an address until nobody is about to give it one."""


def ingress(app: App, live: Live) -> Item:
    """The address at which the Ingress is served, against the platform's public one."""
    manifest = app.one("Ingress")
    document, wanted = live.of(manifest), app.platform["public-address"]
    if document is None:
        return Item("ingress", Verdict.WRONG, f"there is no {manifest}")
    found = addresses(document)
    text = f"{app.host} at {', '.join(found) or 'no address yet'}"
    if not found:
        verdict = Verdict.UNDER_WAY if is_younger(document, PUBLISHED_WITHIN) else Verdict.WRONG
        return Item("ingress", verdict, text, facts={"addresses": found})
    verdict = Verdict.OK if wanted in found else Verdict.WRONG
    declared = "" if verdict is Verdict.OK else f"; declared is {wanted}"
    return Item("ingress", verdict, text + declared, facts={"addresses": found})
