"""An entry's life: created, found, removed. Nothing but this one is touched.

Its title begins with «ops smoke» and nobody else gives the same: what a visit that was killed has
left behind can be found by it.
"""

import datetime
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from ops.errors import OpsError
from ops.smoke.browser import joined
from ops.smoke.checking import check
from ops.smoke.outcome import FailedError, NotCheckedError
from ops.smoke.target import Target
from ops.smoke.visit import Visit
from railiance.smoke import SmokeEntry


def _declared(target: Target) -> bool:
    return target.pages.entry is not None


def _entry(visit: Visit) -> SmokeEntry:
    assert visit.plan.pages.entry  # the checks apply only then
    return visit.plan.pages.entry


def _new_title() -> str:
    now = datetime.datetime.now(datetime.UTC)
    return f"ops smoke {now:%Y-%m-%d %H:%M:%S} {secrets.token_hex(4)}"


@contextmanager
def _naming(title: str) -> Iterator[None]:
    """Names the entry that is left over if this fails."""
    try:
        yield
    except FailedError as error:
        raise FailedError(f"{title!r} may be there: {error}") from error


@check(
    "create",
    "An entry can be created",
    fix="compare path and fields with the app's form (`smoke` in apps/); look at the pod's log",
    needs=("login",),
    applies=_declared,
)
def create(visit: Visit) -> str:
    """Fills in the form; what comes then is not the form again."""
    entry = _entry(visit)
    start = visit.page(entry.create_path).page
    form = start.form_with(entry.title_field)
    if not form:
        raise FailedError(f"{entry.create_path} has no form with a field {entry.title_field}")
    if unknown := sorted(entry.fields.keys() - form.names):
        raise FailedError(f"the form at {entry.create_path} has no field {', '.join(unknown)}")
    visit.title = title = _new_title()
    answer = visit.browser.submit(start, form, {**entry.fields, entry.title_field: title})
    if answer.is_page and answer.url == form.action and answer.page.form_with(entry.title_field):
        visit.title = ""  # nothing was saved
        raise FailedError(f"the form came back: {answer.page.errors or 'without a reason'}")
    with _naming(title):
        if visit.inside(answer).page.says(title):
            visit.entry_address = answer.url
    return f"{title!r}, then {answer.path}"


@check(
    "find",
    "The entry is there afterwards",
    fix="it was not saved, or the list shows it on another page: look for its title there",
    needs=("create",),
    applies=_declared,
)
def find(visit: Visit) -> str:
    """Looks for its title in the list."""
    path = _entry(visit).list_path
    address = visit.page(path).page.link_called(visit.title)
    if not address:
        raise FailedError(f"{path} has no link called {visit.title!r}")
    visit.entry_address = address
    return f"listed at {path}"


@check(
    "remove",
    "The entry can be removed",
    fix="remove it by hand: it is the one of that title; compare `delete` with the app's page",
    needs=("create",),
    applies=_declared,
)
def remove(visit: Visit) -> str:
    """Confirms on the page that asks, if that names the entry; then the list has it no more."""
    entry, title = _entry(visit), visit.title
    if not visit.entry_address:
        raise NotCheckedError(f"nothing called {title!r} was found to remove")
    with _naming(title):
        asking = visit.page(joined(visit.entry_address, entry.delete)).page
        form = asking.form_to_itself
        if not form or not asking.says(title):
            raise FailedError(f"{asking.url} does not ask whether to remove it")
        answer = visit.browser.submit(asking, form, {})
        if visit.page(entry.list_path).page.link_called(title):
            raise FailedError(f"it is still listed; {answer.path} answered {answer.status}")
        visit.inside(answer)
    visit.title = ""
    return f"{entry.list_path} no longer lists it"


def clean_up(visit: Visit, why: str) -> None:
    """Removes the entry if no check has; says on standard error why, and what becomes of it."""
    if not visit.title:
        return
    print(f"{why}; removing {visit.title!r}", file=sys.stderr)
    try:
        find.look(visit)
        remove.look(visit)
    except OpsError as error:
        problem = f"{visit.redacted(str(error))}; look for it, and remove it by hand"
        print(f"{visit.title!r} may be left over: {problem}", file=sys.stderr)
