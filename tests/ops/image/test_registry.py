"""What the registry answers, and what is said when it does not."""

import base64
import json
import socket
from pathlib import Path

import httpx2
import pytest

from box.certificates import Authority
from ops.errors import OpsError, RegistryError
from ops.registry import Reference, Registry, registry_client
from tests.ops.image.conftest import HOST, REPOSITORY, reaching
from tests.ops.image.gateway import Fault, Gateway
from tests.ops.image.images import INDEX, MANIFEST, Pusher, digest_of, layer

MANIFESTS = f"/v2/{REPOSITORY}/manifests"
TAG = "483a4df"
LOGIN = base64.b64encode(b"operator:geheim").decode()


@pytest.fixture(autouse=True)
def machine(
    gateway: Gateway, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that reaches the registry through the gateway."""
    for name, value in reaching(gateway, authority, tmp_path).items():
        monkeypatch.setenv(name, value)


def digest() -> str:
    with Registry(HOST) as registry:
        return registry.digest_of(REPOSITORY, TAG)


def problem() -> str:
    with pytest.raises(RegistryError) as caught:
        digest()
    return str(caught.value)


def test_digest_is_what_the_tag_means_now(pusher: Pusher) -> None:
    first = pusher.image(TAG, layer("a"))
    assert digest() == first
    second = pusher.image(TAG, layer("b"))
    assert digest() == second != first


def test_index_of_several_platforms_has_a_digest_of_its_own(pusher: Pusher) -> None:
    image = pusher.image("linux", layer("a"))
    entry = {"mediaType": MANIFEST, "digest": image, "size": 1, "platform": {"os": "linux"}}
    index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": [entry]}
    assert pusher.manifest(TAG, INDEX, index) == digest()


def test_registry_greets_openly_or_with_its_challenge(gateway: Gateway) -> None:
    with Registry(HOST) as registry:
        assert registry.answer() == "answers without a login"
        gateway.token = "any"
        assert registry.answer() == "answers with its challenge for a token"
        gateway.faults["/v2/"] = (404, {}, b"")
        with pytest.raises(RegistryError, match="/v2/: answers with HTTP 404; is that host a"):
            registry.answer()


def test_token_is_fetched_for_anybody(gateway: Gateway, pusher: Pusher) -> None:
    gateway.token = "for-anybody"
    assert pusher.image(TAG, layer("a")) == digest()
    path = f"{MANIFESTS}/{TAG}"
    assert gateway.asked == [path, "/token?service=registry&scope=%2A", path]


def log_in(tmp_path: Path, content: str) -> None:
    (tmp_path / "config.json").write_text(content)


def test_login_that_docker_left_is_used_and_never_shown(
    tmp_path: Path, gateway: Gateway, pusher: Pusher
) -> None:
    gateway.token, gateway.login = "for-the-operator", LOGIN
    pushed = pusher.image(TAG, layer("a"))
    assert (
        f"refuses an anonymous user (403); make the package public, or `docker login {HOST}`"
        in problem()
    )
    log_in(tmp_path, json.dumps({"auths": {HOST: {"auth": LOGIN}}}))
    assert digest() == pushed
    gateway.login = "another"
    assert "refuses the login in " in (refused := problem())
    assert LOGIN not in refused
    assert "geheim" not in refused


def test_login_is_given_to_a_registry_that_has_no_tokens(
    tmp_path: Path, gateway: Gateway, pusher: Pusher
) -> None:
    gateway.scheme, gateway.token, gateway.challenge = "Basic", LOGIN, 'Basic realm="registry"'
    pushed = pusher.image(TAG, layer("a"))
    assert "refuses an anonymous user (401)" in problem()
    log_in(tmp_path, json.dumps({"auths": {f"https://{HOST}": {"auth": LOGIN}}}))
    assert digest() == pushed


NO_DOCKER_FILES = {
    "empty": "",
    "a list": "[]",
    "broken": "{",
    "a list of logins": '{"auths": [1]}',
    "no base64": json.dumps({"auths": {HOST: {"auth": "no base64!"}}}),
}


@pytest.mark.parametrize("content", NO_DOCKER_FILES.values(), ids=NO_DOCKER_FILES)
def test_docker_file_that_is_none_is_said_and_not_repeated(
    tmp_path: Path, gateway: Gateway, content: str
) -> None:
    gateway.token = "any"
    log_in(tmp_path, content)
    said = problem()
    assert said.endswith(
        f"is not a Docker configuration file; `docker login {HOST}` writes it again"
    )
    assert "no base64!" not in said


FAULTS: dict[str, tuple[Fault, str]] = {
    "private": ((403, {}, b""), "(403); make the package public, or `docker login"),
    "too many": ((429, {"Retry-After": "7"}, b""), "too many requests (429); try again in 7 s"),
    "failing": ((503, {}, b""), "fails (503); check the registry, or try again"),
    "a web page": ((200, {"Content-Type": "text/html"}, b"<html>"), "answers with no JSON object"),
    "other JSON": ((200, {}, b"{}"), "answers with no image manifest; is that host a container"),
    "a list": ((200, {}, b"[" * 100_000), "answers with no JSON object"),
    "endless": ((200, {}, b" " * (5 << 20)), "answers with more than 4 MiB"),
    "a teapot": ((418, {}, b""), "answers with HTTP 418"),
    "round in circles": ((302, {"Location": MANIFESTS}, b""), "redirects more than 5 times"),
    "into the clear": (
        (302, {"Location": "http://other.example/"}, b""),
        "redirects to other.example without TLS; this is refused",
    ),
    "another digest": (
        (200, {"Docker-Content-Digest": "sha256:0"}, b"{}"),
        f"answers with bytes with the digest {digest_of(b'{}')} instead of sha256:0",
    ),
    "a token from nowhere": ((401, {"WWW-Authenticate": "Bearer a=b"}, b""), "no address"),
    "no challenge": ((401, {}, b""), "refuses an anonymous user (401)"),
}


@pytest.mark.parametrize(("fault", "sentence"), FAULTS.values(), ids=FAULTS)
def test_registry_that_misbehaves_is_said(gateway: Gateway, fault: Fault, sentence: str) -> None:
    gateway.faults[MANIFESTS] = fault
    said = problem()
    assert said.startswith(f"registry {HOST}")
    assert sentence in said


TOKENS = {"no JSON": b"<html>", "no token": b"{}", "a line break": b'{"token": "a\\nb"}'}


@pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS)
def test_token_that_is_none_is_said_and_not_repeated(gateway: Gateway, token: bytes) -> None:
    gateway.token = "right"
    gateway.faults["/token"] = (200, {}, token)
    said = problem()
    assert f"registry {HOST}, its token: answers with no " in said
    assert "a\nb" not in said


def test_login_follows_no_redirect(gateway: Gateway) -> None:
    gateway.token = "right"
    gateway.faults["/token"] = (302, {"Location": f"https://{HOST}/elsewhere"}, b"")
    assert f"its token: redirects to https://{HOST}/elsewhere (302)" in problem()
    assert "/elsewhere" not in gateway.asked


def test_tag_that_is_missing_names_those_that_are_near(pusher: Pusher) -> None:
    pusher.image("9f1c2ab", layer("a"))
    with Registry(HOST) as registry, pytest.raises(RegistryError) as caught:
        registry.digest_of(REPOSITORY, "9f1c2ac")
    said = f"registry {HOST}: {REPOSITORY} has no '9f1c2ac'; similar tags: 9f1c2ab"
    assert str(caught.value).startswith(said)


def test_repository_that_is_missing_is_said(gateway: Gateway) -> None:
    gateway.faults[f"/v2/{REPOSITORY}/"] = (404, {}, b"")
    assert f"has no {REPOSITORY} with '{TAG}'; push it, or if it exists, make its" in problem()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("HTTPS_PROXY", "http://127.0.0.1:1", "refuses connections; check that it runs"),
        ("HTTPS_PROXY", "gopher://x", "cannot be queried: "),
        ("no_proxy", HOST, ": the host is unknown"),
        ("SSL_CERT_FILE", "/nowhere", "cannot be queried: "),
        ("SSL_CERT_FILE", "", "its certificate is not trusted: unable to get local issuer"),
    ],
)
def test_registry_that_cannot_be_reached_is_said(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    assert sentence in problem()


def test_registry_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry_client, "TIMEOUT", httpx2.Timeout(0.2))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setenv("HTTPS_PROXY", address)
        assert "does not respond within " in problem()


def test_registry_on_loopback_is_asked_without_tls(registry_address: str, pusher: Pusher) -> None:
    pushed = pusher.image(TAG, layer("a"))
    with Registry(registry_address.removeprefix("http://")) as registry:
        assert registry.digest_of(REPOSITORY, TAG) == pushed


@pytest.mark.parametrize(
    "text", ["app", "team/app:1", "a.example/A:1", "a.example/../b", "a.b/c@x"]
)
def test_reference_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(OpsError, match="is not an image reference; use one like"):
        Reference.parse(text)
