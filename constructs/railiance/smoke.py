"""The declaration of the pages that `ops smoke` visits on the live app."""

import json
from collections.abc import Mapping
from dataclasses import field
from typing import Annotated

from railiance import checks
from railiance.declaration import declaration
from railiance.json_object import json_object


@declaration
class SmokeEntry:
    """An entry that `ops smoke` creates in the live app, finds again and deletes.

    It is found by its unique title. The form is filled in as in a browser: with the defaults of the
    page, and these fields.
    """

    create_path: Annotated[str, checks.url_path]
    """The page with the form."""
    title_field: Annotated[str, checks.form_field]
    """The form's field for the title."""
    fields: Annotated[Mapping[Annotated[str, checks.form_field], str], checks.plain_values] = field(
        default_factory=dict
    )
    """More fields of the form; a choice by its value, a date in the far future as YYYY-MM-DD."""
    list_path: Annotated[str, checks.url_path]
    """The page that lists entries; each title there links to the entry's own page."""
    delete: Annotated[str, checks.relative_path]
    """The page that confirms the deletion, relative to the entry's own page, such as delete/."""

    def validate(self) -> None:
        """`ops smoke` sets the title itself."""
        if self.title_field in self.fields:
            raise ValueError(f"fields sets the title field {self.title_field!r}; remove it there")


@declaration
class Smoke:
    """What `ops smoke` visits on the live app, after logging in.

    Defaults: Django's admin login and the dashboard, no HTMX page and no entry.
    """

    login_path: Annotated[str, checks.url_path] = "/admin/login/"
    """The page with the login form."""
    dashboard_path: Annotated[str, checks.url_path] = "/"
    """The start page after the login."""
    htmx_path: Annotated[str, checks.url_path] | None = None
    """A page that answers an HTMX request with a fragment; none if the app has no such page."""
    entry: SmokeEntry | None = None
    """An entry to create; none if smoke must not change data."""

    def as_json(self) -> str:
        """The pages as JSON, without undeclared fields."""
        return json.dumps(self, default=_declared, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Smoke":
        """The pages from `as_json`'s text; ValueError if it is not valid."""
        content = json_object(json.loads(text))
        for name in ("login_path", "dashboard_path"):  # as_json always includes both
            if name not in content:
                raise ValueError(f"{name!r} is missing")
        if "entry" in content:
            content["entry"] = SmokeEntry(**json_object(content["entry"]))
        return cls(**content)


def _declared(value: object) -> dict[str, object]:
    fields = value if isinstance(value, Mapping) else vars(value)
    return {name: field for name, field in fields.items() if field is not None}
