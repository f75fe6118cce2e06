"""The maintenance page: what Traefik gets when it asks it, as rendered."""

import dataclasses
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from typing import Any

import pytest
from cdk8s import Testing as Cdk8sTesting

from box.poll import until
from railiance import DjangoApp
from railiance.app_chart import DjangoAppChart
from railiance.maintenance import PASS_COOKIE, PASS_PARAMETER, pass_until
from tests.frozen import RAILIANCE01
from tests.made_up import NOTIZEN, PLAIN
from tests.standin.postgres import free_port

KEY = "only-a-test's-key"
NEXT_YEAR = int(time.time()) + 365 * 24 * 3600
MIDDLEWARES = "traefik.ingress.kubernetes.io/router.middlewares"
PAGE = "notizen-notizen-maintenance@kubernetescrd"

Objects = dict[tuple[str, str], Any]


def rendered(app: DjangoApp) -> Objects:
    chart = DjangoAppChart(Cdk8sTesting.app(), app.name, app=app, platform=RAILIANCE01)
    found = Cdk8sTesting.synth(chart)
    return {(document["kind"], document["metadata"]["name"]): document for document in found}


ON = dataclasses.replace(NOTIZEN, maintenance=True)


def test_only_the_page_is_added_and_the_ingresses_ask_it() -> None:
    before, after = rendered(NOTIZEN), rendered(ON)
    kinds = ("NetworkPolicy", "Deployment", "Service", "Middleware")
    assert after.keys() - before.keys() == {(kind, "notizen-maintenance") for kind in kinds}
    changed = {key for key in before if before[key] != after[key]}
    assert changed == {
        ("Ingress", "notizen"),
        ("Ingress", "notizen-www-notizen-whywhynot-de"),
    }
    for key in changed:
        former = before[key]["metadata"]["annotations"].pop(MIDDLEWARES)
        assert after[key]["metadata"]["annotations"].pop(MIDDLEWARES) == f"{former},{PAGE}"
        assert before[key] == after[key]


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class Page:
    """The rendered page, asked as Traefik asks."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect)

    def ask(self, uri: str = "/", path: str = "/", **headers: str) -> tuple[int, Message, str]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        told = {"X-Forwarded-Uri": uri, "X-Forwarded-Host": NOTIZEN.host, **named}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=told)
        try:
            with self.opener.open(request, timeout=5) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()

    def is_up(self) -> bool:
        try:
            return self.ask(path="/ready")[0] == 200
        except OSError:
            return False


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    (container,) = rendered(ON)["Deployment", "notizen-maintenance"]["spec"]["template"]["spec"][
        "containers"
    ]
    port = free_port()
    command = [sys.executable, *container["command"][1:-1], str(port)]
    process = subprocess.Popen(command, env={**os.environ, "SECRET_KEY": KEY})
    found = Page(port)
    try:
        until(found.is_up, "the page answers", 10)
        yield found
    finally:
        process.terminate()
        assert process.wait(5) == 0


def test_visitor_gets_503_with_retry_after_whatever_is_asked_for(page: Page) -> None:
    for uri in ("/", "/ready", "/admin/?next=/", "*", f"/?{PASS_PARAMETER}=", "//[", "/?a=%ff"):
        status, headers, text = page.ask(uri)
        assert (status, headers["Retry-After"], headers["Cache-Control"]) == (
            503,
            "300",
            "no-store",
        )
        assert NOTIZEN.host in text


def test_pass_in_the_address_becomes_a_cookie_and_leaves_the_address(page: Page) -> None:
    given = pass_until(NEXT_YEAR, KEY)
    status, headers, _ = page.ask(f"/admin/?{PASS_PARAMETER}={given}")
    assert (status, headers["Location"]) == (302, f"https://{NOTIZEN.host}/admin/")
    assert headers["Set-Cookie"] == (
        f"{PASS_COOKIE}={given}; Path=/; Secure; HttpOnly; SameSite=Lax"
    )
    assert page.ask(Cookie=f"sessionid=a; {PASS_COOKIE}={given}; b=[c]")[0] == 200


WRONG = {
    "expired": pass_until(int(time.time()) - 1, KEY),
    "signed with another key": pass_until(NEXT_YEAR, "other"),
    "signed with no key": pass_until(NEXT_YEAR, ""),
    "prolonged": re.sub(r"^\d+", str(NEXT_YEAR), pass_until(int(time.time()) - 1, KEY)),
    "no signature": f"{NEXT_YEAR}.",
    "no number": f"soon.{pass_until(NEXT_YEAR, KEY).partition('.')[2]}",
    "a number of 5000 digits": f"{'9' * 5000}.a",
    "nothing": "",
}


@pytest.mark.parametrize("given", WRONG.values(), ids=WRONG)
def test_wrong_pass_opens_nothing(page: Page, given: str) -> None:
    assert page.ask(f"/?{PASS_PARAMETER}={given}")[0] == 503
    assert page.ask(Cookie=f"{PASS_COOKIE}={given}")[0] == 503


def test_app_without_maintenance_has_no_page() -> None:
    assert not [name for _, name in rendered(PLAIN) if "maintenance" in name]
