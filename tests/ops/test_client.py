"""Whatever a kubeconfig holds, and whoever answers, ends in a sentence."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ops.cluster.client import Cluster
from ops.cluster.resources import resource
from ops.errors import ClusterError
from ops.kinds.namespace import Namespace
from tests.ops.kubeconfig import config

HTML, JSON = "text/html", "application/json"
ANSWERS = {
    "a page": (200, HTML, b"<title>Please log in</title>"),
    "a redirect without a type": (302, "", b""),
    "a list": (200, JSON, b"[]"),
    "nothing": (200, JSON, b"null"),
    "a refusal without a reason": (403, JSON, b"{}"),
    "an error of somebody in between": (502, HTML, b"<h1>Bad Gateway</h1>"),
}
PLUGIN = {"apiVersion": "client.authentication.k8s.io/v1beta1", "interactiveMode": "Never"}
USERS = {
    "a plugin of a version that is not known": {
        "exec": {**PLUGIN, "apiVersion": "client.authentication.k8s.io/v9", "command": "true"}
    },
    "a plugin that is missing": {"exec": {**PLUGIN, "command": "no-such-plugin"}},
    "a plugin that fails": {"exec": {**PLUGIN, "command": "false"}},
    "a plugin that says nothing": {"exec": {**PLUGIN, "command": "true"}},
    "a token that is missing": {"tokenFile": "/nowhere/token"},
    "a token that is a number": {"token": 5},
}
UNUSABLE = "context away|/kubeconfig: is not a kubeconfig"
SERVERS = ("http://127.0.0.1:abc", "https://a..b", "nonsense")


@contextmanager
def answering(status: int, content_type: str, body: bytes) -> Iterator[str]:
    """Somebody who gives this answer, whatever he is asked; his address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            if content_type:
                self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def ask(folder: Path, monkeypatch: pytest.MonkeyPatch, **given: Any) -> None:
    """Read a document of a cluster that a kubeconfig describes so."""
    file = folder / "kubeconfig"
    file.write_text(json.dumps(config(**given)))
    monkeypatch.setenv("KUBECONFIG", str(file))
    Cluster.open().get(Namespace, "vergabe-teilnahme")


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_whoever_answers_is_told_from_an_api_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: tuple[int, str, bytes]
) -> None:
    sentence = "cannot read Namespace vergabe-teilnahme: "
    with answering(*answer) as server, pytest.raises(ClusterError, match=sentence) as told:
        ask(tmp_path, monkeypatch, server=server)
    assert "None" not in str(told.value).partition("(")[0]


@pytest.mark.parametrize("user", USERS.values(), ids=USERS)
def test_credentials_that_cannot_be_used_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user: dict[str, Any]
) -> None:
    with answering(200, JSON, b"{}") as server, pytest.raises(ClusterError, match=UNUSABLE):
        ask(tmp_path, monkeypatch, server=server, user=user)


@pytest.mark.parametrize("server", SERVERS)
def test_address_that_is_none_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: str
) -> None:
    with pytest.raises(ClusterError, match="context away"):
        ask(tmp_path, monkeypatch, server=server)


def test_kubeconfig_that_is_no_yaml_is_not_quoted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "kubeconfig"
    file.write_text("users: [{user: {token: geheim")
    monkeypatch.setenv("KUBECONFIG", str(file))
    with pytest.raises(ClusterError, match="is not YAML") as told:
        Cluster.open()
    assert "geheim" not in str(told.value)


def test_kind_that_is_not_known_is_named() -> None:
    with pytest.raises(ClusterError, match="ops does not know the kind Novelty"):
        resource("Novelty")
