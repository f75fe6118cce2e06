"""The certificate that the app is served with."""

from __future__ import annotations

from datetime import UTC, datetime

from ops.documents.fleet import App
from ops.documents.hosts import PublicHost
from ops.kinds.certificate import Certificate
from ops.objects.times import moment
from ops.results.result import Result, State
from ops.status.absence import absent
from ops.status.reading import Live

FEWEST_DAYS = 14
"""cert-manager renews a certificate of 90 days 30 days before its end: fewer are its failure."""


def certificate(app: App, live: Live) -> Result:
    """The certificate of the main host."""
    return certificate_of(app.main_host, app, live)


def certificate_of(host: PublicHost, app: App, live: Live) -> Result:
    """Whether it is issued, how many days it has left, and when it is renewed."""
    manifest = host.certificate
    if manifest is None:
        return _result(State.FAILED, f"none is rendered for {host.name}; run `make gate`")
    found = live.typed(Certificate, manifest)
    if found is None:
        return absent("certificate", manifest, app, live)
    status, ready = found.status, found.status.condition("Ready")
    if ready.status != "True":
        # One that has failed once may be tried again for ever.
        issuing = status.condition("Issuing").status == "True"
        tried = status.failed_issuance_attempts
        state = State.IN_PROGRESS if issuing and not tried else State.FAILED
        why = ready.message or "cert-manager has not reported on it"
        return _result(state, f"not ready: {why}", ready=False)
    end, renewal = moment(status.not_after), moment(status.renewal_time)
    if end is None:
        return _result(State.UNKNOWN, "ready, but cert-manager reports no expiry date")
    days = (end - datetime.now(UTC)).days
    renewed = f", renewed on {renewal:%Y-%m-%d}" if renewal else ""
    return _result(
        State.OK if days >= FEWEST_DAYS else State.FAILED,
        f"{days} days left, until {end:%Y-%m-%d}{renewed}",
        ready=True,
        days_left=days,
        not_after=end.isoformat(),
    )


def _result(state: State, evidence: str, **facts: object) -> Result:
    return Result(id="certificate", state=state, evidence=evidence, facts=facts)
