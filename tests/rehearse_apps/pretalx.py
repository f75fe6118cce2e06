"""pretalx in use."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from box.images.others import recipes
from ops.smoke.visit import Person
from tests.e2e.repository import ROOT
from tests.rehearse_apps.others_app import ADDRESS, OthersApp

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

BROKER = """
from pretalx.celery_app import app
with app.connection_for_read() as connection:
    broker = connection.default_channel.client
    print(broker.llen("celery"), broker.hlen("unacked"), app.AsyncResult({task!r}).state)
"""
"""How many tasks wait, how many are not acknowledged yet, and the state of one."""


@dataclass
class Pretalx(OthersApp):
    """Its worker is Celery's, its periodic command queues tasks; its users have no names."""

    recipe: ClassVar[recipes.App] = recipes.PRETALX
    declared: ClassVar[Path] = ROOT / "tests/others/pretalx.py"
    changes: ClassVar[Mapping[str, str]] = {
        "run_as_user": "",
        "working_folder": "",
        "web_command": "",
    }
    person: Person = field(
        default_factory=lambda: Person(ADDRESS, secrets.token_urlsafe(16)), repr=False
    )
    worker: ClassVar[str] = "tasks"
    schedule: ClassVar[str] = "periodic"
    files: ClassVar[tuple[str, ...]] = ("secret-key",)
    locked_table: ClassVar[str] = "event_event"
    task: ClassVar[str] = (
        "from pretalx.event.services import task_periodic_event_services as task\n"
        "print(task.apply_async(args=('none',)).id)"
    )
    is_done: ClassVar[str] = (
        "from pretalx.celery_app import app\n"
        "print('done' if app.AsyncResult(task).successful() else 'not')"
    )

    def save_something(self) -> str:
        """Log in, change one's own name, and see it on the page."""
        name = "Anna Ändert"
        with self.browser() as browser:
            start = browser.get("/orga/login/").page
            login = start.login_form
            assert login
            given = {
                login.user_field: self.person.user,
                login.password_field: self.person.password,
            }
            inside = browser.submit(start, login, given)
            assert not inside.page.login_form, inside.page.errors
            profile = browser.get("/orga/me").page
            form = profile.form_with("name")
            assert form, profile.url
            saved = browser.submit(profile, form, {"name": name, "form": "profile"})
            assert saved.status == 200, saved.page.errors
        assert name in self.site.sql("SELECT name FROM person_user", database=self.name)
        return "the person's name, in the profile"

    def look_after(self, lost: str) -> str:
        """Celery acknowledges a task when it begins: no queue has it any more."""
        assert self.python(BROKER.format(task=lost)) == "0 0 PENDING"
        return "the task is lost, and no queue has it; another worker does the next one"
