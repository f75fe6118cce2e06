"""The files that pages need."""

from pathlib import PurePosixPath
from urllib.parse import urldefrag, urlsplit

from ops.smoke.browser import OK, Browser
from ops.smoke.checking import check
from ops.smoke.outcome import FailedError, NotCheckedError
from ops.smoke.visit import Visit

MOST_FILES = 200
_SCRIPT = frozenset({"text/javascript", "application/javascript"})
TYPES = {
    ".css": frozenset({"text/css"}),
    ".js": _SCRIPT,
    ".mjs": _SCRIPT,
    ".svg": frozenset({"image/svg+xml"}),
    ".png": frozenset({"image/png"}),
    ".jpg": frozenset({"image/jpeg"}),
    ".jpeg": frozenset({"image/jpeg"}),
    ".webp": frozenset({"image/webp"}),
    ".gif": frozenset({"image/gif"}),
    ".ico": frozenset({"image/x-icon", "image/vnd.microsoft.icon"}),
    ".woff2": frozenset({"font/woff2"}),
    ".webmanifest": frozenset({"application/manifest+json"}),
}
"""By ending, the types with which a browser takes a file that says nosniff."""


@check(
    "static",
    "Every file that the pages reference exists and has the right type",
    fix="build the image with its styles and `collectstatic`; compare STATIC_ROOT and STATIC_URL",
    needs=("tls-name",),
)
def static(visit: Visit) -> str:
    """Reads each file of the app's own origin once, of all pages seen so far."""
    if not visit.seen:
        raise NotCheckedError("no page that references files could be read")
    named = {urldefrag(file).url for answer in visit.seen for file in answer.page.files}
    own = sorted(file for file in named if visit.browser.is_own(file))
    if not own:
        raise FailedError("the pages reference no files: no styles, no scripts")
    if len(own) > MOST_FILES:
        raise FailedError(f"the pages name {len(own)} files; more than {MOST_FILES} are too many")
    if problems := [problem for file in own if (problem := _problem(visit.browser, file))]:
        raise FailedError("; ".join(problems))
    pages = len({answer.path for answer in visit.seen})
    elsewhere = (
        f"; {len(named) - len(own)} on other hosts not read" if len(named) > len(own) else ""
    )
    return f"{len(own)} files named by {pages} pages{elsewhere}"


def _problem(browser: Browser, file: str) -> str:
    path = urlsplit(file).path
    try:
        answer = browser.get(file)
    except FailedError as error:
        return str(error)
    if answer.status != OK:
        return f"{path} answers {answer.status}"
    if not answer.content:
        return f"{path} is empty"
    wanted = TYPES.get(PurePosixPath(path).suffix.lower())
    if wanted and answer.content_type not in wanted:
        return f"{path} is {answer.content_type or 'of no type'}, not {' or '.join(sorted(wanted))}"
    return ""
