"""Which pages of the live app show that it works."""

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated

from railiance import checks
from railiance.declaration import declaration


@declaration
class SmokeEntry:
    """An entry that `ops smoke` creates in the live app, finds again, and removes.

    It gets a title that nobody else gives, by which it is found. The form is filled in as a
    browser does it: with what the page suggests, and these fields.
    """

    create_path: Annotated[str, checks.url_path]
    """The page with the form."""
    title_field: Annotated[str, checks.form_field]
    """The form's field for the title."""
    fields: Annotated[Mapping[Annotated[str, checks.form_field], str], checks.plain_values] = field(
        default_factory=dict
    )
    """Further fields of the form; a choice by its value, a date far ahead as YYYY-MM-DD."""
    list_path: Annotated[str, checks.url_path]
    """The page that lists entries, with the title of each as a link to the entry's own page."""
    delete: Annotated[str, checks.relative_path]
    """The page that asks before removing, relative to the entry's own page, such as delete/."""

    def agree(self) -> None:
        """The title is smoke's to give."""
        if self.title_field in self.fields:
            raise ValueError(f"fields sets the title field {self.title_field!r}; remove it there")


@declaration
class Smoke:
    """What `ops smoke` visits on the live app, after logging in.

    Unless said otherwise: Django's admin login and the dashboard, no HTMX part and no entry.
    """

    login_path: Annotated[str, checks.url_path] = "/admin/login/"
    """The page with the login form."""
    dashboard_path: Annotated[str, checks.url_path] = "/"
    """The page that people start from."""
    htmx_path: Annotated[str, checks.url_path] | None = None
    """A page that answers HTMX with a part of itself; none if the app has no such page."""
    entry: SmokeEntry | None = None
    """An entry to create; none if smoke is to change nothing."""
