"""An API server that has what a test gives it, and pods that log and run commands."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection

from tests.ops.kubeconfig import config

WEBSOCKET = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""Source: RFC 6455, section 1.3."""
STDIN, STDOUT, STDERR, STATUS, RESIZE = range(5)

Part = tuple[int, bytes]


def exit_code(code: int) -> Part:
    """The last message of a command: how it ended."""
    if not code:
        return STATUS, b'{"status": "Success"}'
    cause = {"reason": "ExitCode", "message": str(code)}
    told = {"status": "Failure", "reason": "NonZeroExitCode", "details": {"causes": [cause]}}
    return STATUS, json.dumps(told).encode()


@dataclass
class Api:
    """What is there, by path, and what was asked for."""

    objects: dict[str, Any] = field(default_factory=dict)
    """By path: an object, or a list of them."""
    logs: dict[tuple[str, str, bool], str] = field(default_factory=dict)
    """By pod, container, and whether it is that of before the restart."""
    parts: list[Part] = field(default_factory=list)
    """What a command says; none of a terminal, which echoes until `exit`."""
    job_status: dict[str, Any] = field(default_factory=dict)
    """Of each Job that is made."""
    job_pods: list[dict[str, Any]] = field(default_factory=list)
    """The pods that are its."""
    commands: list[dict[str, list[str]]] = field(default_factory=list)
    queries: list[dict[str, list[str]]] = field(default_factory=list)
    sizes: list[Any] = field(default_factory=list)
    deleted: list[dict[str, Any]] = field(default_factory=list)
    server: str = ""

    def created(self, kind: str) -> list[dict[str, Any]]:
        """What is there of a kind by itself, not in a list."""
        objects = [one for one in self.objects.values() if isinstance(one, dict)]
        return [one for one in objects if one.get("kind") == kind]

    def receipts(self) -> list[dict[str, str]]:
        """The receipts of commands, oldest first."""
        maps = [one for one in self.created("ConfigMap") if "commands" in one["metadata"]["name"]]
        return [json.loads(text) for one in maps for _, text in sorted(one["data"].items())]

    def kubeconfig(self, folder: Path, name: str = "railiance01") -> str:
        """A kubeconfig that leads here; its path."""
        text = json.dumps(config(server=self.server)).replace("away", name)
        (folder / "kubeconfig").write_text(text)
        return str(folder / "kubeconfig")


def has_labels(found: dict[str, Any], wanted: str) -> bool:
    """Whether an object has the labels of a selector."""
    labels = [f"{name}={value}" for name, value in found["metadata"].get("labels", {}).items()]
    return not wanted or set(wanted.split(",")) <= set(labels)


class Handler(BaseHTTPRequestHandler):
    """Answers for an Api."""

    protocol_version = "HTTP/1.1"
    api: Api

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = parse_qs(url.query)
        if url.path.endswith("/exec"):
            self.execute(query)
        elif url.path.endswith("/log"):
            self.log(url.path.split("/")[-2], query)
        elif url.path in self.api.objects:
            found = self.api.objects[url.path]
            if isinstance(found, list):
                wanted = query.get("labelSelector", [""])[0]
                found = {"items": [one for one in found if has_labels(one, wanted)]}
            self.answer(200, found)
        else:
            self.answer(404, {"reason": "NotFound", "message": "not found", "code": 404})

    def execute(self, query: dict[str, list[str]]) -> None:
        self.api.commands.append(query)
        self.close_connection = True
        if self.api.parts or "tty" in query:
            self.upgrade()
        else:
            self.answer(403, {"reason": "Forbidden", "message": "no exec", "code": 403})

    def log(self, pod: str, query: dict[str, list[str]]) -> None:
        self.api.queries.append(query)
        container = query["container"][0] if "container" in query else ""
        text = self.api.logs.get((pod, container, "previous" in query))
        if text is None:
            self.answer(400, {"message": f"{container} waits to start", "code": 400})
        else:
            self.send(200, text.encode(), "text/plain")

    def do_POST(self) -> None:
        made = self.body()
        path, name = urlsplit(self.path).path, made["metadata"]["name"]
        if made["kind"] == "Job":
            made["status"] = self.api.job_status
            for pod in self.api.job_pods:
                pod["metadata"]["labels"]["batch.kubernetes.io/job-name"] = name
        self.api.objects[f"{path}/{name}"] = made
        self.answer(201, made)

    def do_PATCH(self) -> None:
        self.do_PUT()

    def do_PUT(self) -> None:
        made = self.body()
        self.api.objects[urlsplit(self.path).path] = made
        self.answer(200, made)

    def do_DELETE(self) -> None:
        found = self.api.objects.pop(urlsplit(self.path).path, None)
        if found:
            self.api.deleted.append(found)
        self.answer(200 if found else 404, found or {"reason": "NotFound", "code": 404})

    def body(self) -> dict[str, Any]:
        return dict(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def answer(self, status: int, content: Any) -> None:
        self.send(status, json.dumps(content).encode(), "application/json")

    def send(self, status: int, body: bytes, content_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def upgrade(self) -> None:
        key = (self.headers["Sec-WebSocket-Key"] + WEBSOCKET).encode()
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        digest = hashlib.sha1(key).digest()  # noqa: S324 (the protocol's own)
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(digest).decode())
        self.send_header("Sec-WebSocket-Protocol", "v5.channel.k8s.io")
        self.end_headers()
        connection = Connection(ConnectionType.SERVER)
        if "tty" in self.api.commands[-1]:
            self.echo(connection)
        for part in self.api.parts:
            self.say(connection, part)
        with suppress(OSError):
            self.wfile.write(connection.send(CloseConnection(code=1000)))

    def say(self, connection: Connection, part: Part) -> None:
        channel, data = part
        self.wfile.write(connection.send(BytesMessage(bytes((channel,)) + data)))

    def echo(self, connection: Connection) -> None:
        typed = b""
        while b"exit\r" not in typed:
            connection.receive_data(self.request.recv(4096))
            for event in connection.events():
                assert isinstance(event, BytesMessage)
                channel, data = event.data[0], bytes(event.data[1:])
                if channel == RESIZE:
                    self.api.sizes.append(json.loads(data))
                    self.say(connection, (STDOUT, b">>> "))
                else:
                    typed += data
                    self.say(connection, (STDOUT, data))
        self.say(connection, exit_code(4))

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def serving(api: Api) -> Iterator[Api]:
    """Serve while the block is in progress."""
    handler = type("Handler", (Handler,), {"api": api})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        try:
            api.server = f"http://127.0.0.1:{server.server_port}"
            yield api
        finally:
            server.shutdown()
