"""The client's side of the OCI Distribution API.

https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md, and for the tokens
https://distribution.github.io/distribution/spec/auth/token/.
"""

import difflib
import email.utils
import hashlib
import json
import os
import re
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

import httpx2

from ops.errors import DeniedError, MissingImageError, RegistryError, UnsuitableImageError
from ops.registry import credentials
from ops.registry.credentials import Login
from ops.registry.image_reference import Reference
from ops.registry.media_types import INDEXES, MANIFESTS, described, is_schema_1

LOOPBACK = ("127.0.0.1", "localhost")
"""The only hosts that are asked without TLS: what is said to them leaves no machine."""
MOST_BYTES = 4 * 2**20
"""The most that an answer may have which is no layer; the specification's limit for manifests."""
MOST_REDIRECTS = 5
TIMEOUT = httpx2.Timeout(15, connect=5)
"""Seconds to connect, and seconds without a byte."""
MOST_SECONDS = 120
"""A longer wait is stated in minutes."""
LONGEST_SECONDS = 60
"""For a whole answer that is no layer."""

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_PARAMETER = r'\w+=(?:"[^"]*"|[^",\s]+)'
_BEARER = re.compile(rf"\bBearer\s+({_PARAMETER}(?:\s*,\s*{_PARAMETER})*)", re.IGNORECASE)


@dataclass(frozen=True)
class Manifest:
    """A manifest or an index of manifests, as the registry has it."""

    digest: str
    content: Mapping[str, Any]

    @property
    def is_index(self) -> bool:
        """Whether it lists an image for each of several platforms."""
        return self.content["mediaType"] in INDEXES

    def entries(self, key: str, image: Reference) -> list[dict[str, Any]]:
        """Its layers, or the images of an index, each with a digest; RegistryError if it has none.

        `image` is what the error names.
        """
        entries = self.content.get(key)
        if not isinstance(entries, list) or not all(map(_is_entry, entries)):
            raise RegistryError(f"{image}: its manifest has no {key}; check the registry")
        return entries


def _is_entry(entry: object) -> bool:
    return (
        isinstance(entry, dict)
        and bool(_DIGEST.fullmatch(str(entry.get("digest"))))
        and isinstance(entry.get("platform") or {}, dict)
    )


class Registry:
    """One registry, to be used in a `with` statement.

    Proxy and authorities are those of the environment (HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE). A
    registry that wants a login gets the one that docker or podman keeps, unless it is to be asked
    as anybody asks it. Whatever it cannot answer is a RegistryError: a sentence with host, object
    and fix.
    """

    def __init__(self, host: str, *, as_anybody: bool = False) -> None:
        self.host = host
        self._as_anybody = as_anybody
        self._authorization = ""
        scheme = "http" if _is_loopback(host) else "https"
        try:
            self._http = httpx2.Client(
                base_url=f"{scheme}://{host}/v2/",
                headers={"User-Agent": "railiance-apps", "Accept-Encoding": "identity"},
                timeout=TIMEOUT,
                follow_redirects=True,
                max_redirects=MOST_REDIRECTS,
                event_hooks={"request": [self._refuse_plain_text]},
                verify=_authorities(*map(os.environ.get, ("SSL_CERT_FILE", "SSL_CERT_DIR"))),
            )
        except (ValueError, OSError, httpx2.InvalidURL) as error:
            fix = "check HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE and SSL_CERT_DIR"
            raise RegistryError(f"registry {host} cannot be queried: {error}; {fix}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def answer(self) -> str:
        """How the registry answers: to everyone, or with a challenge for a token.

        Raises RegistryError if it is none, or does not answer as one.
        """
        with self._send("") as response:
            if response.status_code == httpx2.codes.OK:
                return "answers without a login"
            if response.status_code == httpx2.codes.UNAUTHORIZED and _challenge(response):
                return "answers with its challenge for a token"
            raise self._refusal(response, "/v2/")

    def digest_of(self, repository: str, tag: str) -> str:
        """The digest that a tag means now.

        Raises RegistryError if there is no such tag, naming those that are near.
        """
        return self.manifest(repository, tag).digest

    def manifest(self, repository: str, reference: str) -> Manifest:
        """What a tag or digest names, whose bytes have the digest that the registry says."""
        subject = f"{repository}{'@' if ':' in reference else ':'}{reference}"
        accept = ", ".join((*INDEXES, *MANIFESTS))
        with self._get(f"{repository}/manifests/{reference}", accept=accept) as response:
            is_asked = response.url.path.startswith("/v2/")  # not a page that it redirects to
            if response.status_code == httpx2.codes.NOT_FOUND and is_asked:
                raise MissingImageError(self._missing(repository, reference))
            if response.status_code != httpx2.codes.OK:
                raise self._refusal(response, subject)
            body = self._body(response, subject)
            stated = response.headers.get("Docker-Content-Digest", "")
            media_type = response.headers.get("Content-Type", "")
        content = self._parsed(body, subject)
        if is_schema_1(content, media_type):
            raise UnsuitableImageError(
                f"registry {self.host}, {subject}: is Docker's old schema 1, which the node cannot"
                " pull; push it again with a current docker, podman or buildah"
            )
        digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
        for promised in (stated, reference if ":" in reference else ""):
            if promised not in ("", digest):
                raise self._garbage(
                    subject, f"bytes with the digest {digest} instead of {promised}"
                )
        content.setdefault("mediaType", media_type)  # which OCI leaves to the header
        if content["mediaType"] not in (*INDEXES, *MANIFESTS):
            if what := described(content["mediaType"]):
                fix = "push the image under this tag"
                raise UnsuitableImageError(f"registry {self.host}, {subject}: is {what}; {fix}")
            raise self._garbage(subject, "no image manifest", response)
        return Manifest(digest, content)

    def configuration(self, repository: str, digest: str) -> dict[str, Any]:
        """The configuration of an image, whose digest its manifest states."""
        subject = f"{repository}@{digest}"
        with self._get(f"{repository}/blobs/{digest}") as response:
            if response.status_code != httpx2.codes.OK:
                raise self._refusal(response, subject)
            body = self._body(response, subject)
        if (found := f"sha256:{hashlib.sha256(body).hexdigest()}") != digest:
            raise self._garbage(subject, f"bytes with the digest {found}")
        return self._parsed(body, subject)

    def tags(self, repository: str) -> list[str]:
        """The tags of a repository, those of the registry's first page."""
        with self._get(f"{repository}/tags/list") as response:
            if response.status_code != httpx2.codes.OK:
                raise self._refusal(response, repository)
            tags = self._parsed(self._body(response, repository), repository).get("tags")
        return [tag for tag in tags or [] if isinstance(tag, str)]

    @contextmanager
    def blob(self, repository: str, digest: str) -> Iterator[Iterator[bytes]]:
        """The bytes of a blob, piece by piece as they arrive; the caller checks the digest."""
        with self._get(f"{repository}/blobs/{digest}") as response:
            if response.status_code != httpx2.codes.OK:
                raise self._refusal(response, f"{repository}@{digest}")
            yield response.iter_raw()

    @contextmanager
    def _get(self, path: str, accept: str = "*/*") -> Iterator[httpx2.Response]:
        """The answer to a question, asked again with a token if the registry wants one."""
        with self._send(path, accept) as response:
            if response.status_code != httpx2.codes.UNAUTHORIZED:
                yield response
                return
        self._authorization = self._authorized(response, path)
        with self._send(path, accept) as response:
            yield response

    @contextmanager
    def _send(self, path: str, accept: str = "*/*") -> Iterator[httpx2.Response]:
        headers = {"Accept": accept}
        if self._authorization:
            headers["Authorization"] = self._authorization
        with (
            self._failures(),
            self._http.stream("GET", path, headers=headers) as response,
        ):
            yield response

    def _authorized(self, response: httpx2.Response, path: str) -> str:
        """The header that answers a challenge: a token if there is one to be had, or the login."""
        login = None if self._as_anybody else credentials.stored(self.host)
        if challenge := _challenge(response):
            return f"Bearer {self._token(challenge, login)}"
        if login:
            return f"Basic {login.basic}"
        raise self._refusal(response, path)

    def _token(self, challenge: dict[str, str], login: Login | None) -> str:
        """A token from where the challenge says, for the login or for anybody."""
        realm = challenge.get("realm", "")
        if not re.match(r"https?://[^\s/]", realm):
            raise self._garbage("its challenge for a token", "no address")
        asked = httpx2.QueryParams(
            {name: challenge[name] for name in ("service", "scope") if name in challenge}
        )
        headers = {"Authorization": f"Basic {login.basic}"} if login else {}
        # Not followed: a login is for the one address that the registry names.
        with (
            self._failures(),
            self._http.stream(
                "GET", realm, params=asked, headers=headers, follow_redirects=False
            ) as response,
        ):
            if response.status_code != httpx2.codes.OK:
                raise self._refusal(response, "its token", login)
            answer = self._parsed(self._body(response, "its token"), "its token")
        token = answer.get("token") or answer.get("access_token")
        if not isinstance(token, str) or not re.fullmatch(r"[\x21-\x7e]+", token):
            raise self._garbage("its token", "no token")
        return token

    def _refuse_plain_text(self, request: httpx2.Request) -> None:
        """Refuses, before it is sent, what would go over the network in clear."""
        if request.url.scheme != "https" and not _is_loopback(request.url.netloc.decode()):
            raise RegistryError(
                f"registry {self.host} redirects to {request.url.host} without TLS; this is refused"
            )

    def _body(self, response: httpx2.Response, subject: str) -> bytes:
        """The whole answer, if it is neither too long nor too slow."""
        body = bytearray()
        end = time.monotonic() + LONGEST_SECONDS
        for piece in response.iter_raw():
            body += piece
            if time.monotonic() > end:
                raise RegistryError(
                    f"registry {self.host}, {subject}: has not answered in full within"
                    f" {LONGEST_SECONDS} s; check the network, or try again"
                )
            if len(body) > MOST_BYTES:
                raise self._garbage(subject, f"more than {MOST_BYTES >> 20} MiB")
        return bytes(body)

    def _parsed(self, body: bytes, subject: str) -> dict[str, Any]:
        try:
            content = json.loads(body)
        except (ValueError, RecursionError):
            content = None
        if not isinstance(content, dict):
            raise self._garbage(subject, "no JSON object")
        return content

    def _missing(self, repository: str, reference: str) -> str:
        """That a tag is not there, and which ones are near it."""
        try:
            tags = self.tags(repository)
        except RegistryError:
            return (
                f"registry {self.host} has no {repository} with {reference!r}; push it, or if "
                "it exists, make its package public"
            )
        near = difflib.get_close_matches(reference, tags, n=3, cutoff=0.4) or sorted(tags)[:3]
        fix = f"similar tags: {', '.join(near)}" if near else "it has no tags; push the image"
        return f"registry {self.host}: {repository} has no {reference!r}; {fix}"

    def _refusal(
        self, response: httpx2.Response, subject: str, login: Login | None = None
    ) -> RegistryError:
        """What an answer means that is not the one asked for."""
        code, place = response.status_code, f"registry {self.host}, {subject}: "
        if code in (httpx2.codes.UNAUTHORIZED, httpx2.codes.FORBIDDEN):
            who = f"the login in {login.place}" if login else "an anonymous user"
            return DeniedError(
                f"{place}refuses {who} ({code}); make the package public, or"
                f" `docker login {self.host}`"
            )
        if code == httpx2.codes.TOO_MANY_REQUESTS:
            wait = _wait(response.headers.get("Retry-After", ""))
            return RegistryError(f"{place}too many requests ({code}); try again in {wait}")
        if response.has_redirect_location:
            target = response.headers["Location"].partition("?")[0]
            fix = "check the registry's address, which may have moved"
            return RegistryError(f"{place}redirects to {target} ({code}); {fix}")
        if httpx2.codes.is_server_error(code):
            return RegistryError(f"{place}fails ({code}); check the registry, or try again")
        return self._garbage(subject, f"HTTP {code}", response)

    def _garbage(
        self, subject: str, what: str, response: httpx2.Response | None = None
    ) -> RegistryError:
        fix = "is that host a container registry?"
        if response and response.history:
            what = f"a redirect to {response.url.host}{response.url.path}, and there with {what}"
        return RegistryError(f"registry {self.host}, {subject}: answers with {what}; {fix}")

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Makes a sentence of what fails between here and the registry."""
        try:
            yield
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
            raise RegistryError(f"registry {self.host}{_reason(error)}") from error


def _challenge(response: httpx2.Response) -> dict[str, str]:
    """The parameters of the challenge for a token; empty if there is none."""
    found = _BEARER.search(", ".join(response.headers.get_list("WWW-Authenticate")))
    pairs = re.findall(_PARAMETER, found[1]) if found else []
    return {name: text.strip('"') for name, _, text in (pair.partition("=") for pair in pairs)}


@cache
def _authorities(_file: str | None, _folder: str | None) -> ssl.SSLContext:
    """The authorities of an environment, read once: that takes longer than most answers."""
    return httpx2.create_ssl_context()


def _wait(stated: str) -> str:
    """How long to wait, as Retry-After states it: in seconds, or as a date."""
    try:
        seconds = int(stated) if stated.isdecimal() else _seconds_until(stated)
    except ValueError:
        return "a minute"
    return f"{max(1, seconds)} s" if seconds <= MOST_SECONDS else f"{round(seconds / 60)} min"


def _seconds_until(date: str) -> int:
    return round(email.utils.parsedate_to_datetime(date).timestamp() - time.time())


def _is_loopback(host: str) -> bool:
    return host.partition(":")[0] in LOOPBACK


def _reason(error: BaseException) -> str:
    """Why no answer came, and the fix: what the first telling error of the chain says."""
    causes = [error]
    while inner := causes[-1].__cause__ or causes[-1].__context__:
        causes.append(inner)
    for kind, sentence in _REASONS.items():
        for cause in causes:
            if isinstance(cause, kind):
                return sentence.format(cause)
    return f" cannot be reached: {error}; check the network, or try again"


_REASONS: dict[type[BaseException], str] = {
    httpx2.ProxyError: " cannot be reached through the proxy: {}; check HTTPS_PROXY",
    socket.gaierror: ": the host is unknown; check its name, and this machine's DNS",
    ssl.SSLCertVerificationError: ": its certificate is not trusted: {0.verify_message}; check "
    "it, or SSL_CERT_FILE",
    ssl.SSLError: " does not speak TLS; check its address",
    ConnectionRefusedError: " refuses connections; check that it runs, and HTTPS_PROXY",
    httpx2.ConnectTimeout: f" does not accept a connection within {TIMEOUT.connect:g} s; check"
    " the network, or try again",
    httpx2.TimeoutException: f" does not respond within {TIMEOUT.read:g} s; check the network, "
    "or try again",
    httpx2.TooManyRedirects: f" redirects more than {MOST_REDIRECTS} times; check the registry",
    httpx2.ProtocolError: " sends malformed HTTP; is that host a container registry?",
}
"""The meaning of an error in the chain; the more specific ones first."""
