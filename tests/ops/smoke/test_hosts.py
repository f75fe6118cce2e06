"""Additional hosts, as `ops smoke` visits them: served, redirected, and wrong one way each."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from box.certificates import Authority
from ops.documents.fleet import load
from ops.smoke.browser import Browser
from ops.smoke.checks.additional_hosts import hosts
from ops.smoke.outcome import FailedError
from ops.smoke.place import Place
from ops.smoke.target import Target, target_of
from ops.smoke.visit import Visit

MAIN, SERVED, REDIRECTED = (
    "notizen.whywhynot.de",
    "www.notizen.whywhynot.de",
    "notizen.whywhynot.org",
)
Answer = tuple[int, str]
"""Status and Location."""
Site = Callable[[str, str, str], Answer]
"""Answers by scheme, host, and path with query."""


def right(scheme: str, host: str, address: str) -> Answer:
    """As Traefik does with what is rendered."""
    if host == REDIRECTED:
        return 301, f"https://{MAIN}{address}"
    return (301, f"https://{host}{address}") if scheme == "http" else (200, "")


def handler(site: Site, scheme: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, location = site(scheme, self.headers["Host"].partition(":")[0], self.path)
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@contextmanager
def serving(site: Site, scheme: str, context: ssl.SSLContext | None) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(site, scheme))
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    made = Authority(tmp_path_factory.mktemp("pki"))
    made.create()
    return made


@pytest.fixture(scope="module")
def target(two_apps: Path) -> Target:
    return target_of(load(two_apps).app("notizen"))


def look(target: Target, authority: Authority, site: Site, *, certified: tuple[str, ...]) -> str:
    """What the check says of a site whose certificate is for some hosts."""
    pair = authority.issue(authority.pki / "-".join(certified), user="site", hosts=certified)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    with ExitStack() as stack:
        https = stack.enter_context(serving(site, "https", context))
        http = stack.enter_context(serving(site, "http", None))
        place = Place(host=MAIN, address="127.0.0.1", https_port=https, http_port=http)
        trusted = authority.pair.certificate
        browser = stack.enter_context(Browser(place, trusted, 5))
        return hosts.look(Visit(target, place, browser, 5, trusted))


def test_served_and_redirected_hosts_pass(target: Target, authority: Authority) -> None:
    said = look(target, authority, right, certified=(SERVED, REDIRECTED))
    assert said == f"{SERVED} is served; {REDIRECTED} redirects to {MAIN}"


def answering(host: str, scheme: str, answer: Answer) -> Site:
    """The right site but for one answer."""

    def site(asked_scheme: str, asked_host: str, address: str) -> Answer:
        is_it = (asked_scheme, asked_host) == (scheme, host)
        return answer if is_it else right(asked_scheme, asked_host, address)

    return site


WRONG = {
    "does not serve": (answering(SERVED, "https", (400, "")), f"{SERVED}: /gesund/ answers 400"),
    "serves plain HTTP": (answering(SERVED, "http", (200, "")), "answers 200, not a permanent"),
    "drops path and query": (
        answering(REDIRECTED, "https", (301, f"https://{MAIN}/")),
        f"leads to https://{MAIN}/, not to https://{MAIN}/ops-smoke/?from=additional-host",
    ),
    "leads to a stranger": (
        answering(REDIRECTED, "http", (301, "https://evil.example.org/")),
        f"{REDIRECTED}: http://{REDIRECTED}/ops-smoke/?from=additional-host leads to https://evil",
    ),
    "redirects for the time being": (
        answering(REDIRECTED, "https", (302, f"https://{MAIN}/")),
        "answers 302, not a permanent redirect",
    ),
}


@pytest.mark.parametrize(("site", "sentence"), WRONG.values(), ids=WRONG)
def test_host_is_named_with_what_is_wrong(
    target: Target, authority: Authority, site: Site, sentence: str
) -> None:
    with pytest.raises(FailedError) as failed:
        look(target, authority, site, certified=(SERVED, REDIRECTED))
    assert sentence in str(failed.value)


def test_host_without_its_own_certificate_is_named(target: Target, authority: Authority) -> None:
    with pytest.raises(FailedError, match=rf"{REDIRECTED}: refused: Hostname mismatch"):
        look(target, authority, right, certified=(SERVED,))
