"""The way to the app: its certificate, and plain HTTP."""

from ops.smoke import tls
from ops.smoke.browser import REDIRECTS
from ops.smoke.checking import check
from ops.smoke.outcome import FailedError
from ops.smoke.visit import Visit

FOR_GOOD = (301, 308)


@check(
    "tls-chain",
    "The certificate is valid and from an authority that browsers trust",
    fix="look at the Certificate: `kubectl describe certificate`, and at the DNS record",
)
def chain(visit: Visit) -> str:
    """A handshake that verifies the chain and the dates."""
    shown = tls.certificate(visit.place, visit.authority, visit.timeout_seconds, for_host=False)
    return f"from {shown.issuer}, until {shown.until:%Y-%m-%d}, {shown.days_left} days left"


@check(
    "tls-name",
    "The certificate is the host's own",
    fix="compare dnsNames of the Certificate and the Ingress's host; `make gate` does it offline",
    needs=("tls-chain",),
)
def name(visit: Visit) -> str:
    """A handshake that verifies the name as well."""
    shown = tls.certificate(visit.place, visit.authority, visit.timeout_seconds, for_host=True)
    return f"for {', '.join(shown.names)}"


@check(
    "redirect",
    "Plain HTTP redirects to HTTPS permanently",
    fix="look at the Middleware https-redirect, and at the Ingress's annotation that names it",
)
def redirect(visit: Visit) -> str:
    """What a visitor meets who types the host alone, and one who comes with an old link."""
    path = visit.plan.pages.dashboard_path
    answer = visit.browser.get_plain(path)
    location = str(answer.headers.get("location", ""))
    wanted = f"{visit.browser.origin}{path}"
    if answer.status not in REDIRECTS:
        raise FailedError(f"http://{visit.plan.host}{path} answers {answer.status}, not a redirect")
    if location != wanted:
        raise FailedError(f"leads to {location}, not to {wanted}")
    if answer.status not in FOR_GOOD:
        raise FailedError(f"redirects temporarily ({answer.status}), not permanently (301, 308)")
    return f"{answer.status} to {location}"
