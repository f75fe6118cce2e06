"""The production registry's front on loopback: its name, TLS and tokens before a real registry."""

import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import httpx2

from box.certificates import Pair

Fault = tuple[int, dict[str, str], bytes]
"""An answer in place of the registry's: code, headers, body."""


class Gateway(ThreadingHTTPServer):
    """An HTTPS proxy that answers for every host it has a certificate of, from one registry.

    A client that trusts the certificate, and asks through this proxy, gets the registry's answers
    under the production name; so the command line is tested with the committed declarations.
    """

    daemon_threads = True

    def __init__(self, registry: str, certificate: Pair) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.registry = registry
        self.certificate = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.certificate.load_cert_chain(certificate.certificate, certificate.key)
        self.scheme, self.token = "Bearer", ""
        """What the registry wants to see; empty for a registry that is open."""
        self.login = ""
        """What the token is given for, as HTTP Basic has it; empty for one that anybody gets."""
        self.challenge = 'Bearer realm="https://{host}/token",service="registry",scope="*"'
        self.faults: dict[str, Fault] = {}
        """Answers by the beginning of the path."""
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def __enter__(self) -> "Gateway":
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Gateway

    def log_message(self, *_: Any) -> None:
        pass

    def do_CONNECT(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            secured = self.server.certificate.wrap_socket(self.connection, server_side=True)
        except OSError:  # the client does not trust us, which is what is tested
            self.close_connection = True
            return
        self.connection = self.request = secured
        self.rfile, self.wfile = secured.makefile("rb"), secured.makefile("wb")

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        code, headers, body = self._answer()
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _answer(self) -> Fault:
        server, path = self.server, urlsplit(self.path).path
        for beginning, fault in server.faults.items():
            if path.startswith(beginning):
                return fault
        credentials = self.headers.get("Authorization", "")
        if path == "/token":
            known = credentials == (f"Basic {server.login}" if server.login else "")
            return (200, {}, json.dumps({"token": server.token}).encode()) if known else DENIED
        if server.token and credentials != f"{server.scheme} {server.token}":
            challenge = server.challenge.format(host=self.headers["Host"])
            return 401, {"WWW-Authenticate": challenge}, b"{}"
        return self._passed_on()

    def _passed_on(self) -> Fault:
        """The real registry's answer."""
        headers = {"Accept": self.headers.get("Accept", "*/*"), "Accept-Encoding": "identity"}
        with httpx2.Client(trust_env=False, verify=False) as client:
            answer = client.get(self.server.registry + self.path, headers=headers)
        kept = ("Content-Type", "Docker-Content-Digest")
        return (
            answer.status_code,
            {name: answer.headers[name] for name in kept if name in answer.headers},
            answer.content,
        )


DENIED: Fault = (403, {}, b"{}")
