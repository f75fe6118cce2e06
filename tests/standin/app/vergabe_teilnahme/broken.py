"""Answers that an app gives when one thing in it is broken; STANDIN_BROKEN says which."""

import logging
import re
import time
from collections.abc import Callable
from typing import ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseServerError
from django.shortcuts import redirect

View = Callable[[HttpRequest], HttpResponse]


class Broken:
    """Stands before all else, and answers in its place where something is broken."""

    ANSWERS: ClassVar[dict[str, dict[tuple[str, str], View]]] = {
        "health": {("GET", "/health/"): lambda _: HttpResponseServerError("keine Datenbank")},
        "dashboard": {("GET", "/"): lambda _: HttpResponseServerError("<h1>Server Error</h1>")},
        "not saved": {("POST", "/ausschreibungen/neu/"): lambda _: redirect("/ausschreibungen/")},
        "refused": {("POST", "/ausschreibungen/neu/"): lambda _: HttpResponse(ERROR_IN_FORM)},
        "logged out": {("POST", "/ausschreibungen/neu/"): lambda _: without_session()},
        "huge": {("GET", "/health/"): lambda _: HttpResponse(b"x" * 50_000_000)},
        "nobody": {("POST", "/admin/login/"): lambda _: nobody()},
        "echo": {("POST", "/admin/login/"): lambda request: HttpResponse(echo(request))},
        "slow health": {("GET", "/health/"): lambda _: time.sleep(7) or HttpResponse("ok")},
        "loop": {("GET", "/"): lambda _: redirect("/")},
        "elsewhere": {("GET", "/"): lambda _: redirect("https://anderswo.example.org/")},
    }

    def __init__(self, answer: View) -> None:
        self.answer = answer
        self.broken: str = settings.BROKEN
        self.hung = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        replaced = self.ANSWERS.get(self.broken, {}).get((request.method or "", request.path))
        if replaced:
            return replaced(request)
        if self.broken == "slow" and request.path == "/ausschreibungen/":
            self.hang_once(request)
        if self.broken == "log" and request.path == "/health/":
            logging.getLogger("ausschreibungen").error("Mailserver nicht erreichbar")
        if self.broken == "entry" and re.fullmatch(r"/ausschreibungen/\d+/", request.path):
            return HttpResponseServerError("<h1>Server Error</h1>")
        if self.broken in INSTEAD_OF_REMOVING and request.path.endswith("/loeschen/"):
            return self.instead_of_removing(request)
        if self.broken == "asks for another" and request.path.endswith("/loeschen/"):
            request.path_info = "/ausschreibungen/1/loeschen/"
        if self.broken == "htmx":
            request.META.pop("HTTP_HX_REQUEST", None)
        if self.broken == "static missing" and request.path.endswith(".js"):
            return HttpResponseNotFound("Nicht gefunden")
        answer = self.answer(request)
        if self.broken == "content type" and ".css" in request.path:
            answer.headers["Content-Type"] = "text/plain"
        return answer

    def hang_once(self, request: HttpRequest) -> None:
        """The first whole list takes three seconds."""
        if "HX-Request" not in request.headers and not self.hung:
            self.hung = True
            time.sleep(3)

    def instead_of_removing(self, request: HttpRequest) -> HttpResponse:
        """Asks as ever, and then does nothing."""
        if request.method == "POST":
            return INSTEAD_OF_REMOVING[self.broken]()
        return self.answer(request)


def nobody() -> HttpResponse:
    """A login that leads to a page and has logged in nobody."""
    return HttpResponse(
        "<!doctype html><title>Willkommen</title><p>Willkommen!</p>",
        headers={
            "Strict-Transport-Security": "max-age=31536000",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
        },
    )


def without_session() -> HttpResponse:
    """What comes instead of saving once a session has ended."""
    answer = redirect("/admin/login/")
    answer.delete_cookie(settings.SESSION_COOKIE_NAME)
    return answer


INSTEAD_OF_REMOVING = {
    "not removed": lambda: redirect("/ausschreibungen/"),
    "logged out at the end": without_session,
}


def echo(request: HttpRequest) -> str:
    """A login that repeats what it was given, and the cookies besides."""
    said = f"{request.POST['password']} {request.COOKIES}"
    return f'<form><ul class="errorlist">{said}</ul><input type="password" name="password"></form>'


ERROR_IN_FORM = """<!doctype html><html lang="de"><title>Neu</title><form method="post">
<ul class="errorlist"><li>Dieses Feld ist zwingend erforderlich.</li></ul>
<input name="titel"></form></html>"""
