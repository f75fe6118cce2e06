"""What stands before the app in production: ends TLS, and sends plain HTTP to HTTPS."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from box.ports import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from box.certificates import Pair

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "upgrade", "te", "trailer"}


class Forwarding(BaseHTTPRequestHandler):
    """Hands each request on, saying that it came over HTTPS."""

    protocol_version = "HTTP/1.1"
    upstream: Path
    """The app's socket."""

    def forward(self) -> None:
        """Ask the app the same, and answer with what it answers."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name: value for name, value in self.headers.items() if kept(name)}
        headers |= {"X-Forwarded-Proto": "https", "X-Forwarded-For": self.client_address[0]}
        app = http.client.HTTPConnection(LOOPBACK, timeout=30)
        app.sock = connection(self.upstream)
        app.request(self.command, self.path, body or None, headers)
        answer = app.getresponse()
        content = answer.read()
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if kept(name) and name.lower() != "content-length":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        app.close()

    do_GET = do_POST = do_HEAD = forward  # noqa: N815 (the base class's names)

    def log_message(self, *_arguments: object) -> None:
        """The app's own log is the one that counts."""


class Redirecting(Forwarding):
    """Sends every request to the same address over HTTPS."""

    def forward(self) -> None:
        """Answer for good."""
        self.send_response_only(308)
        self.send_header("Location", f"https://{self.headers['Host']}{self.path}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST = do_HEAD = forward  # noqa: N815 (the base class's names)


class Server(ThreadingHTTPServer):
    """Silent when a client goes away, as one that refuses the certificate does."""

    daemon_threads = True

    def handle_error(self, *_arguments: object) -> None:
        """A client that went away is not the proxy's to tell of."""


def kept(header: str) -> bool:
    """Whether a header is meant for the other end."""
    return header.lower() not in HOP_BY_HOP


def connection(upstream: Path) -> socket.socket:
    """A connection to the app's socket; OSError while nobody listens there."""
    made = socket.socket(socket.AF_UNIX)
    made.connect(str(upstream))
    return made


@contextlib.contextmanager
def standing_before(
    upstream: Path, certificate: Pair, *, redirects: bool = True
) -> Iterator[tuple[int, int]]:
    """Listen for a while; on these ports, for HTTPS and for plain HTTP."""
    forwarding = type("ForwardingHere", (Forwarding,), {"upstream": upstream})
    https = Server((LOOPBACK, 0), forwarding)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate, certificate.key)
    # The handshake is the handler's, in a thread of its own.
    https.socket = context.wrap_socket(
        https.socket, server_side=True, do_handshake_on_connect=False
    )
    plain = Server((LOOPBACK, 0), Redirecting if redirects else forwarding)
    servers = (https, plain)
    for server in servers:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield https.server_port, plain.server_port
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
