"""The maintenance page, while it is declared."""

from ops.smoke.checking import check
from ops.smoke.outcome import FailedError
from ops.smoke.visit import Visit

SERVICE_UNAVAILABLE = 503


@check(
    "maintenance",
    "The app is not in maintenance",
    fix="`ops maintenance off`, commit, deploy; until then `ops maintenance link` shows the app",
    applies=lambda target: target.is_maintained,
)
def page(visit: Visit) -> str:
    """Visits the start page; it fails whatever comes: nothing of the app can be checked."""
    answer = visit.browser.get_once(visit.plan.pages.dashboard_path)
    retry_after = answer.headers.get("retry-after")
    if answer.status == SERVICE_UNAVAILABLE and retry_after:
        raise FailedError(f"visitors see the maintenance page (503, Retry-After {retry_after})")
    raise FailedError(f"it is declared, but visitors do not see the page: {answer.status}")
