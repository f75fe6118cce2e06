"""pretalx in use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tests.rehearse_apps.others_app import OthersApp

ADDRESS = "anna@localhost.de"
ACCOUNT = """
from pretalx.person.models import User
User.objects.create_superuser(email={address!r}, password={password!r}, name="Anna")
print("made")
"""


@dataclass
class Pretalx(OthersApp):
    """Its worker is Celery's, its periodic command queues tasks."""

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

    def add_person(self) -> None:
        """An account is known by its address; the program comes by standard input."""
        self.python(ACCOUNT.format(address=ADDRESS, password=self.person.password))

    def save_something(self) -> str:
        """Log in, change one's own name, and see it on the page."""
        name = "Anna Ändert"
        with self.browser() as browser:
            start = browser.get("/orga/login/").page
            login = start.login_form
            assert login
            given = {
                login.user_field: ADDRESS,
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
