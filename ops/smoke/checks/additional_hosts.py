"""The hosts besides the main one: served or redirected, each behind its own certificate."""

from collections.abc import Callable
from dataclasses import replace

from ops.documents.hosts import PublicHost
from ops.smoke import tls
from ops.smoke.browser import OK, Answer, Browser
from ops.smoke.checking import check
from ops.smoke.checks.transport import FOR_GOOD
from ops.smoke.outcome import FailedError
from ops.smoke.visit import Visit

ADDRESS = "/ops-smoke/?from=additional-host"
"""Path and query that a redirect must keep."""


@check(
    "hosts",
    "Every additional host serves the app, or redirects to the main host",
    fix="`ops status` shows the host's certificate and Ingress; `ops preflight` its DNS record",
    applies=lambda target: bool(target.additional_hosts),
)
def hosts(visit: Visit) -> str:
    """Visits each, whatever became of those before."""
    seen, problems = [], []
    for host in visit.plan.additional_hosts:
        look = _redirected if host.is_redirected else _served
        try:
            seen.append(_visited(visit, host, look))
        except FailedError as error:
            problems.append(f"{host.name}: {error}")
    if problems:
        raise FailedError("; ".join(problems))
    return "; ".join(seen)


def _visited(visit: Visit, host: PublicHost, look: Callable[[Visit, Browser], str]) -> str:
    place = replace(visit.place, host=host.name)
    tls.certificate(place, visit.authority, visit.timeout_seconds, for_host=True)
    with Browser(place, visit.authority, visit.timeout_seconds) as browser:
        return f"{host.name} {look(visit, browser)}"


def _served(visit: Visit, browser: Browser) -> str:
    path = visit.plan.health_path
    answer = browser.get_once(path)
    if answer.status != OK:
        raise FailedError(f"{path} answers {answer.status}")
    _require_redirect(browser.get_plain(ADDRESS), f"{browser.origin}{ADDRESS}")
    return "is served"


def _redirected(visit: Visit, browser: Browser) -> str:
    wanted = f"{visit.browser.origin}{ADDRESS}"
    for answer in (browser.get_once(ADDRESS), browser.get_plain(ADDRESS)):
        _require_redirect(answer, wanted)
    return f"redirects to {visit.plan.host}"


def _require_redirect(answer: Answer, wanted: str) -> None:
    location = str(answer.headers.get("location", ""))
    if answer.status not in FOR_GOOD:
        raise FailedError(f"{answer.url} answers {answer.status}, not a permanent redirect")
    if location != wanted:
        raise FailedError(f"{answer.url} leads to {location}, not to {wanted}")
