"""The app's hosts: DNS records of additional ones, and pauses after a failed certificate."""

from __future__ import annotations

from functools import partial

from ops.documents.fleet import App
from ops.documents.hosts import PublicHost
from ops.host.threads import begin
from ops.kinds.certificate import Certificate
from ops.preflight.exposure_readiness import leads_here
from ops.preflight.subject import Subject
from ops.results.result import Result, State, ok, warning


def has_additional(app: App) -> bool:
    """Whether the app has more hosts than its main one."""
    return bool(app.additional_hosts)


def dns(subject: Subject) -> Result:
    """Whether the name of each additional host leads to the public address.

    One that does not gets no certificate: it alone is not served, but the sync cannot end.
    """
    wanted = subject.platform.public_address
    names = [host.name for host in subject.app.additional_hosts]
    asked = [begin(partial(leads_here, name, wanted)) for name in names]
    found = [answer.result() for answer in asked]
    bad = [result for result in found if result.state is not State.OK]
    if not bad:
        return ok("; ".join(result.evidence for result in found))
    return Result(
        state=max((result.state for result in bad), key=list(State).index),
        evidence="; ".join(result.evidence for result in bad),
        fix="; ".join(result.fix for result in bad if result.fix),
    )


def certificates(subject: Subject) -> Result:
    """Whether cert-manager pauses after a failure, for any of the app's hosts.

    After a failed issuance it pauses for an hour, later for up to 32, whatever has been fixed.
    Source: cert-manager, "Issuance behavior".
    """
    hosts = subject.app.hosts
    paused = [host for host in hosts if _pauses(subject, host)]
    if not paused:
        return ok(f"cert-manager does not pause for {', '.join(host.name for host in hosts)}")
    names = " ".join(host.certificate.name for host in paused if host.certificate)
    return warning(
        f"no certificate for {', '.join(host.name for host in paused)}: after a failure"
        " cert-manager pauses for 1 to 32 h",
        f"fix what `ops status` shows, then `cmctl renew -n {subject.app.namespace} {names}`",
    )


def _pauses(subject: Subject, host: PublicHost) -> bool:
    if host.certificate is None:
        return False
    place = (host.certificate.name, host.certificate.namespace)
    found = subject.cluster.get(Certificate, *place)
    if found is None or found.status.condition("Ready").status == "True":
        return False
    return found.status.failed_issuance_attempts > 0
