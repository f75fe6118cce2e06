"""The certificate that the app is served with."""

from __future__ import annotations

from datetime import UTC, datetime

from ops.cluster.reported import condition, moment, status_of
from ops.rendered import App
from ops.status.item import Item, Verdict
from ops.status.live import Live

FEWEST_DAYS = 14
"""cert-manager renews a certificate of 90 days 30 days before its end: fewer are its failure."""


def certificate(app: App, live: Live) -> Item:
    """Whether it is issued, how many days it has left, and when it is renewed."""
    manifest = app.one("Certificate")
    document = live.of(manifest)
    if document is None:
        return Item("certificate", Verdict.WRONG, f"there is no {manifest}")
    status, ready = status_of(document), condition(document, "Ready")
    if ready.get("status") != "True":
        # One that has failed once may be tried again for ever.
        issuing = condition(document, "Issuing").get("status") == "True"
        tried = status.get("failedIssuanceAttempts")
        verdict = Verdict.UNDER_WAY if issuing and not tried else Verdict.WRONG
        said = ready.get("message") or "cert-manager has not said anything yet"
        return Item("certificate", verdict, f"not ready: {said}", facts={"ready": False})
    end, renewal = moment(status.get("notAfter")), moment(status.get("renewalTime"))
    if end is None:
        return Item("certificate", Verdict.UNKNOWN, "ready, but cert-manager says no end of it")
    days = (end - datetime.now(UTC)).days
    renewed = f", renewed on {renewal:%Y-%m-%d}" if renewal else ""
    return Item(
        "certificate",
        Verdict.OK if days >= FEWEST_DAYS else Verdict.WRONG,
        f"{days} days left, until {end:%Y-%m-%d}{renewed}",
        facts={"ready": True, "days_left": days, "not_after": end.isoformat()},
    )
