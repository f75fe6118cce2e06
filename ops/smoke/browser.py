"""Asks as a browser does: cookies, Referer and Origin, redirects; and within bounds.

It leaves the app's own origin for nothing: neither cookies nor a password reach another host.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlencode, urljoin, urlsplit

import httpx2

from ops.smoke.outcome import FailedError
from ops.smoke.page import Form, Page
from ops.smoke.place import Place
from ops.smoke.tls import trust

MOST_BYTES = 5 * 1024 * 1024
MOST_REDIRECTS = 10
REDIRECTS = frozenset({301, 302, 303, 307, 308})
KEEPS_METHOD = frozenset({307, 308})
OK = 200
AGENT = "railiance-apps-smoke"


@dataclass(frozen=True)
class Answer:
    """What the app answered, after redirects."""

    url: str
    status: int
    headers: httpx2.Headers = field(repr=False)
    content: bytes = field(repr=False)

    @cached_property
    def page(self) -> Page:
        """The content as a page."""
        return Page(self.url, self.content)

    @property
    def path(self) -> str:
        """Its path on the host."""
        return urlsplit(self.url).path

    @property
    def content_type(self) -> str:
        """The type without parameters."""
        return str(self.headers.get("content-type", "")).partition(";")[0].strip().lower()

    @property
    def is_page(self) -> bool:
        """Whether it is a page that could be shown."""
        return self.status == OK and self.content_type == "text/html"


class _At(httpx2.BaseTransport):
    """Connects to a place in the name of the host that is asked for."""

    def __init__(self, place: Place, authority: Path | None) -> None:
        self._place = place
        self._inner = httpx2.HTTPTransport(verify=trust(authority))

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Ask at the place; the Host header and the certificate's name stay the host's."""
        secure = request.url.scheme == "https"
        port = self._place.https_port if secure else self._place.http_port
        there = httpx2.Request(
            request.method,
            request.url.copy_with(host=self._place.target, port=port),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": self._place.host},
        )
        return self._inner.handle_request(there)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


class Browser:
    """One visitor, with cookies."""

    def __init__(self, place: Place, authority: Path | None, timeout_seconds: float) -> None:
        self.origin = f"https://{place.host}"
        self.cookies_set: dict[str, str] = {}
        """What was said of each cookie beside its value, by name."""
        self._timeout_seconds = timeout_seconds
        self._client = httpx2.Client(
            transport=_At(place, authority),
            timeout=timeout_seconds,
            trust_env=False,
            headers={"User-Agent": AGENT, "Accept": "text/html,*/*", "Accept-Language": "de"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._client.close()

    @property
    def cookie_values(self) -> list[str]:
        """The values of the cookies it has: secrets, for they are the login."""
        return [cookie.value for cookie in self._client.cookies.jar if cookie.value]

    def get(self, address: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Reads an address on the app's origin, following redirects there.

        Raises FailedError if it cannot be read, is too large or too slow, or leads elsewhere.
        """
        return self._follow("GET", joined(self.origin, address), headers or {})

    def submit(self, page: Page, form: Form, given: Mapping[str, str]) -> Answer:
        """Sends a form of a page, filled in; otherwise as `get`."""
        content = urlencode(form.filled(given)).encode()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": self.origin,
            "Referer": page.url,
        }
        return self._follow("POST", form.action, headers, content)

    def get_once(self, path: str) -> Answer:
        """Reads a path and follows nothing; FailedError if it cannot be read."""
        return self._ask("GET", urljoin(self.origin, path), {}, b"")

    def get_plain(self, path: str) -> Answer:
        """Asks over plain HTTP, and follows nothing."""
        return self._ask("GET", urljoin(self.origin.replace("https", "http", 1), path), {}, b"")

    def is_own(self, address: str) -> bool:
        """Whether an address is on the app's origin."""
        return f"{address}/".startswith(f"{self.origin}/")

    def _follow(
        self, method: str, address: str, headers: Mapping[str, str], content: bytes = b""
    ) -> Answer:
        start = address
        for _ in range(MOST_REDIRECTS + 1):
            if not self.is_own(address):
                raise FailedError(f"{_path(start)} redirects to another origin, {address}")
            answer = self._ask(method, address, headers, content)
            if answer.status not in REDIRECTS or "location" not in answer.headers:
                return answer
            address = joined(address, answer.headers["location"])
            if answer.status not in KEEPS_METHOD:
                method, headers, content = "GET", {}, b""
        raise FailedError(f"{_path(start)} redirects more than {MOST_REDIRECTS} times")

    def _ask(self, method: str, address: str, headers: Mapping[str, str], content: bytes) -> Answer:
        try:
            with self._client.stream(
                method, address, headers=dict(headers), content=content or None
            ) as response:
                self._note_cookies(response.headers.get_list("set-cookie"))
                body = self._read(response.iter_bytes(), address)
                return Answer(address, response.status_code, response.headers, body)
        except (httpx2.HTTPError, httpx2.InvalidURL, UnicodeError) as error:
            problem = str(error) or type(error).__name__
            raise FailedError(f"{_path(address)} is not answered: {problem}") from error

    def _read(self, chunks: Iterable[bytes], address: str) -> bytes:
        until = time.monotonic() + self._timeout_seconds
        body = bytearray()
        for chunk in chunks:
            body += chunk
            if len(body) > MOST_BYTES:
                raise FailedError(f"{_path(address)} answers with more than {MOST_BYTES >> 20} MiB")
            if time.monotonic() > until:
                seconds = f"{self._timeout_seconds:g} s"
                raise FailedError(f"{_path(address)} takes longer than {seconds} to be read")
        return bytes(body)

    def _note_cookies(self, headers: Iterable[str]) -> None:
        for header in headers:
            cookie, _, attributes = header.lower().partition(";")
            if "max-age=0" not in attributes:  # else it is taken away
                self.cookies_set[cookie.partition("=")[0].strip()] = attributes


def joined(base: str, address: str) -> str:
    """The address as seen from a page; FailedError if it is none."""
    try:
        return urljoin(base, address)
    except ValueError as error:
        raise FailedError(f"{_path(base)} leads to {address!r}, which is not a URL") from error


def _path(address: str) -> str:
    return urlsplit(address).path or "/"
