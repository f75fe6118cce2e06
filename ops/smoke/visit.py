"""One visit: what to visit, as which user, and what was seen so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ops.smoke.browser import OK, Answer, Browser
from ops.smoke.outcome import FailedError
from ops.smoke.place import Place
from ops.smoke.target import Target

Logs = Callable[[], Iterable[str]]
"""Gives the lines that the app has logged, once the visit is over."""


@dataclass(frozen=True)
class Person:
    """Who logs in."""

    user: str
    password: str = field(repr=False)


@dataclass
class Visit:
    """What checks share."""

    plan: Target
    place: Place
    browser: Browser
    timeout_seconds: float
    authority: Path | None = None
    person: Person | None = None
    logs: Logs | None = None
    seen: list[Answer] = field(default_factory=list)
    """The pages that could be read."""
    title: str = ""
    """The title of the entry that may be there; empty once it is surely not."""
    entry_address: str = ""
    """The entry's own page, once it is known."""

    def page(self, address: str) -> Answer:
        """Reads a page as a logged-in user; FailedError as `inside`."""
        return self.inside(self.browser.get(address))

    def inside(self, answer: Answer) -> Answer:
        """The same answer, noted; FailedError if it is no page, or if it is the login's."""
        if self.note(answer).page.login_form:
            raise FailedError(f"asks to log in again, at {answer.path}")
        return answer

    def note(self, answer: Answer) -> Answer:
        """The same answer, remembered as a page that was seen; FailedError if it is none."""
        if answer.status != OK:
            raise FailedError(f"{answer.path} answers {answer.status}")
        if not answer.is_page:
            raise FailedError(f"{answer.path} is {answer.content_type or 'of no type'}, no page")
        self.seen.append(answer)
        return answer

    def redacted(self, text: str) -> str:
        """The text without the password and without cookies, which a page may repeat."""
        secrets = [*self.browser.cookie_values, *([self.person.password] if self.person else [])]
        for secret in sorted(filter(None, secrets), key=len, reverse=True):
            text = text.replace(secret, "…")
        return text
