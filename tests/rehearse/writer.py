"""A person who keeps saving, and afterwards looks whether all of it is still there."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ops.smoke.browser import Browser
from ops.smoke.checks.entry import create
from ops.smoke.checks.pages import login
from ops.smoke.outcome import FailedError
from ops.smoke.visit import Visit
from tests.rehearse.meanwhile import Meanwhile
from tests.rehearse.visitors import PATIENCE_SECONDS

if TYPE_CHECKING:
    import threading
    from pathlib import Path

    from ops.smoke.place import Place
    from ops.smoke.target import Target
    from ops.smoke.visit import Person

PAUSE_SECONDS = 0.5


@dataclass
class Writer(Meanwhile):
    """Saves an Ausschreibung every half second; logs in again whenever that fails."""

    plan: Target
    place: Place
    authority: Path
    person: Person
    saved: list[str] = field(default_factory=list)
    """The titles of which the site said that they are saved."""
    problems: list[str] = field(default_factory=list)
    """What the site said instead, each time."""
    outage_seconds: float = 0.0
    """How long nothing could be saved, from each first problem to the next entry that was."""
    logins: int = 0
    _unable_since: float | None = None

    def go_on(self, over: threading.Event) -> None:
        """Save, and save again."""
        while not over.is_set():
            try:
                with self._browser() as browser:
                    visit = self._logged_in(browser)
                    self.logins += 1
                    while not over.wait(PAUSE_SECONDS):
                        self._save(visit)
            except FailedError as error:
                self.problems.append(str(error))
                self._unable_since = self._unable_since or time.monotonic()
                over.wait(PAUSE_SECONDS)

    def _save(self, visit: Visit) -> None:
        visit.entry_address = ""
        create.look(visit)
        if not visit.entry_address:
            raise FailedError("what was to be saved is not shown")
        self.saved.append(visit.title)
        if self._unable_since:
            self.outage_seconds += time.monotonic() - self._unable_since
            self._unable_since = None

    def send(self, path: str, **fields: str) -> int:
        """Fill in the form of a page, as a person besides; the status of the answer."""
        with self._browser() as browser:
            start = self._logged_in(browser).page(path).page
            form = start.form_with(next(iter(fields)))
            assert form, f"no form at {path}"
            return browser.submit(start, form, fields).status

    def lost(self) -> list[str]:
        """What was said to be saved and is not listed."""
        assert self.plan.pages.entry
        with self._browser() as browser:
            visit = self._logged_in(browser)
            listed = visit.page(self.plan.pages.entry.list_path).page
            return [title for title in self.saved if not listed.link_called(title)]

    def _browser(self) -> Browser:
        return Browser(self.place, self.authority, PATIENCE_SECONDS)

    def _logged_in(self, browser: Browser) -> Visit:
        visit = Visit(self.plan, self.place, browser, PATIENCE_SECONDS, self.authority, self.person)
        login.look(visit)
        return visit
