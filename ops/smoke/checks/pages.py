"""What a visitor does first: log in, and look around."""

from ops.smoke.browser import OK
from ops.smoke.checking import check
from ops.smoke.outcome import FailedError, NotCheckedError
from ops.smoke.visit import Visit


@check(
    "health",
    "The health path answers",
    fix="look at the pod's log, and whether it reaches the database",
    needs=("tls-name",),
)
def health(visit: Visit) -> str:
    """The probes' own path."""
    path = visit.plan.health_path
    answer = visit.browser.get(path)
    if answer.status != OK or answer.path != path:
        raise FailedError(f"{path} answers {answer.status} at {answer.path}")
    return f"{path} answers {answer.status}"


@check(
    "login",
    "A person can log in",
    fix="check name and password; a 403 is about CSRF: compare CSRF_TRUSTED_ORIGINS, cookies and"
    " X-Forwarded-Proto",
    needs=("tls-name",),
)
def login(visit: Visit) -> str:
    """Fills in the login form; what comes then asks for no password any more."""
    start = visit.note(visit.browser.get(visit.plan.pages.login_path)).page
    form = start.login_form
    if not form:
        raise FailedError(f"{visit.plan.pages.login_path} has no form that asks for a password")
    if not visit.person:
        raise NotCheckedError("no user to log in: give --user")
    given = {form.user_field: visit.person.user, form.password_field: visit.person.password}
    cookies = set(visit.browser.cookie_values)
    answer = visit.browser.submit(start, form, given)
    if answer.is_page and answer.page.login_form:
        raise FailedError(f"refused: {answer.page.errors or 'the form came back'}")
    visit.note(answer)
    if cookies >= set(visit.browser.cookie_values):
        raise FailedError(f"redirected to {answer.path}, but no session cookie was set")
    return f"{visit.person.user} is logged in, at {answer.path}"


@check(
    "dashboard",
    "The dashboard shows",
    fix="check the pod's log at that time",
    needs=("login",),
)
def dashboard(visit: Visit) -> str:
    """The page that people start from."""
    answer = visit.page(visit.plan.pages.dashboard_path)
    return f"{answer.path} answers {answer.status}, {len(answer.content)} bytes"


@check(
    "htmx",
    "HTMX requests get a partial page",
    fix="compare the path with the app's, and whether the view recognises HTMX's requests",
    needs=("login",),
    applies=lambda target: target.pages.htmx_path is not None,
)
def htmx(visit: Visit) -> str:
    """Asks as HTMX does: a whole page would be put into the page."""
    path = str(visit.plan.pages.htmx_path)
    address = f"{visit.browser.origin}{visit.plan.pages.dashboard_path}"
    answer = visit.browser.get(path, {"HX-Request": "true", "HX-Current-URL": address})
    if not answer.is_page:
        raise FailedError(f"{path} answers {answer.status}, {answer.content_type or 'no type'}")
    if not answer.page.is_part:
        raise FailedError(f"{answer.path} answers HTMX with a whole page")
    return f"{path} answers with a part of {len(answer.content)} bytes"
