"""A page as a person uses it: its forms, its links, the files that it needs."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import lxml.etree
import lxml.html

_RELATIONS = {"stylesheet", "icon", "apple-touch-icon", "manifest", "preload", "modulepreload"}
_ERRORS = "errorlist", "errornote", "invalid-feedback", "alert"
_WHOLE_PAGE = re.compile(rb"<(!doctype|html|head|body)\b", re.IGNORECASE)
_DEBUG_PAGE = re.compile(rb"DEBUG\s*=\s*True|Using the URLconf defined in|id=\"traceback_area\"")


@dataclass(frozen=True)
class Form:
    """A form, with what the page suggests for each field."""

    action: str
    method: str
    values: tuple[tuple[str, str], ...]
    names: frozenset[str]
    password_field: str = ""
    user_field: str = ""

    def filled(self, given: Mapping[str, str]) -> list[tuple[str, str]]:
        """What a browser sends when these fields are filled in."""
        kept = [(name, value) for name, value in self.values if name not in given]
        return [*kept, *given.items()]


@dataclass(frozen=True)
class Page:
    """A page that was read from an address."""

    url: str
    content: bytes

    @cached_property
    def _tree(self) -> Any:
        parser = lxml.html.HTMLParser(encoding="utf-8")
        try:
            tree = lxml.html.document_fromstring(self.content, parser=parser, base_url=self.url)
        except lxml.etree.ParserError:  # nothing in it
            tree = lxml.html.document_fromstring("<p>")
        try:
            tree.make_links_absolute(self.url, handle_failures="discard")
        except ValueError:  # the page's own base is no address
            tree.make_links_absolute(self.url, resolve_base_href=False, handle_failures="discard")
        return tree

    @cached_property
    def forms(self) -> list[Form]:
        """All forms."""
        return [self._form(form) for form in self._tree.forms]

    def _form(self, form: Any) -> Form:
        inputs = [field for field in form.inputs if field.name]
        typed = [(field.name, field.get("type", "text").lower()) for field in inputs]
        passwords = [name for name, kind in typed if kind == "password"]
        users = [name for name, kind in typed if kind in {"text", "email"}]
        return Form(
            action=form.action or self.url,
            method=form.method,
            values=tuple(form.form_values()),
            names=frozenset(name for name, _ in typed),
            password_field=next(iter(passwords), ""),
            user_field=next(iter(users), ""),
        )

    @property
    def login_form(self) -> Form | None:
        """The form that asks for a password."""
        return next((form for form in self.forms if form.password_field), None)

    def form_with(self, field: str) -> Form | None:
        """The form that saves something and has a field; a search form only asks."""
        posted = (form for form in self.forms if form.method == "POST")
        return next((form for form in posted if field in form.names), None)

    @property
    def form_to_itself(self) -> Form | None:
        """The form that changes what the page is about: it is sent to the page's own address."""
        return next((f for f in self.forms if f.method == "POST" and f.action == self.url), None)

    def link_called(self, text: str) -> str | None:
        """Where the link leads whose text contains this."""
        links = self._tree.iterfind(".//a[@href]")
        return next((str(a.get("href")) for a in links if text in _said(a)), None)

    def says(self, text: str) -> bool:
        """Whether the text stands anywhere on the page."""
        return text in _said(self._tree)

    @property
    def errors(self) -> str:
        """What the page complains of, of a form that was filled in wrongly."""
        is_error = " or ".join(f"contains(concat(' ',@class,' '),' {c} ')" for c in _ERRORS)
        return "; ".join(_said(found) for found in self._tree.xpath(f"//*[{is_error}]")[:3])

    @property
    def files(self) -> Iterator[str]:
        """The addresses of the styles, scripts and pictures that the page names."""
        for element in self._tree.iter("link", "script", "img"):
            wanted = element.tag != "link" or _RELATIONS & set((element.get("rel") or "").split())
            address = element.get("href" if element.tag == "link" else "src")
            if wanted and address and urlsplit(address).scheme in {"http", "https"}:
                yield address

    @property
    def is_part(self) -> bool:
        """Whether this is a part to be put into a page, and no page of its own."""
        return not _WHOLE_PAGE.search(self.content)

    @property
    def is_debug_page(self) -> bool:
        """Whether Django shows here what only developers should see."""
        return bool(_DEBUG_PAGE.search(self.content))


def _said(element: Any) -> str:
    return " ".join(str(element.text_content()).split())
