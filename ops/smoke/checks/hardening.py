"""What keeps visitors safe: nothing shown to strangers, headers, cookies."""

import re
import secrets
from collections.abc import Iterator

from ops.smoke.browser import Answer
from ops.smoke.checking import check
from ops.smoke.outcome import FailedError, NotCheckedError
from ops.smoke.visit import Visit

NOT_FOUND = 404
LEAST_HSTS_SECONDS = 3600
"""What Django's deployment checklist begins with."""
READ_BY_SCRIPTS = ("csrf", "language")
"""Parts of the names of cookies that Django lets scripts read."""


@check(
    "debug",
    "Error pages reveal no details",
    fix="DEBUG is on: production settings must turn it off",
    needs=("tls-name",),
)
def debug(visit: Visit) -> str:
    """Asks for a page that is not there; with DEBUG Django lists all addresses and settings."""
    path = f"/ops-smoke-{secrets.token_hex(8)}/"
    answer = visit.browser.get(path)
    for shown in (answer, *visit.seen):
        if shown.page.is_debug_page:
            raise FailedError(f"{shown.path} shows Django's page for developers")
    if answer.status != NOT_FOUND:
        raise FailedError(f"a page that is not there answers {answer.status}, not {NOT_FOUND}")
    return f"a page that is not there answers {answer.status}"


@check(
    "headers",
    "Every page carries the headers that protect visitors",
    fix="SECURE_HSTS_SECONDS, SECURE_CONTENT_TYPE_NOSNIFF, X_FRAME_OPTIONS and"
    " SECURE_REFERRER_POLICY in the production settings; X-Forwarded-Proto must reach Django",
    needs=("tls-name",),
)
def headers(visit: Visit) -> str:
    """Of all pages seen so far."""
    if not visit.seen:
        raise NotCheckedError("no page could be read")
    pages = {answer.path: answer for answer in visit.seen}
    problems = [f"{path}: {p}" for path, answer in pages.items() for p in _missing(answer)]
    if problems:
        raise FailedError("; ".join(problems))
    return f"on {len(pages)} pages: HSTS, nosniff, no frames, Referrer-Policy"


def _missing(answer: Answer) -> Iterator[str]:
    told = answer.headers
    hsts = re.search(r"max-age=\"?([0-9]{1,12})", told.get("strict-transport-security", ""))
    if not hsts or int(hsts[1]) < LEAST_HSTS_SECONDS:
        yield f"no Strict-Transport-Security of at least {LEAST_HSTS_SECONDS} s"
    if told.get("x-content-type-options", "").lower() != "nosniff":
        yield "no X-Content-Type-Options: nosniff"
    frames = told.get("x-frame-options", "").upper() in {"DENY", "SAMEORIGIN"}
    if not frames and "frame-ancestors" not in told.get("content-security-policy", ""):
        yield "no X-Frame-Options, and no frame-ancestors in a Content-Security-Policy"
    if not told.get("referrer-policy"):
        yield "no Referrer-Policy"


@check(
    "cookies",
    "Cookies travel over HTTPS only, and scripts cannot read the session's",
    fix="SESSION_COOKIE_SECURE, CSRF_COOKIE_SECURE and SESSION_COOKIE_HTTPONLY in the settings",
    needs=("login",),
)
def cookies(visit: Visit) -> str:
    """What was said of each cookie that was set."""
    problems = []
    for name, attributes in visit.browser.cookies_set.items():
        flags = {flag.strip() for flag in attributes.split(";")}
        if "secure" not in flags:
            problems.append(f"{name} is not Secure")
        if "httponly" not in flags and not any(part in name for part in READ_BY_SCRIPTS):
            problems.append(f"{name} is not HttpOnly")
    if problems:
        raise FailedError("; ".join(problems))
    return ", ".join(sorted(visit.browser.cookies_set))
