"""Answers each message of a websocket; a pod of a rehearsal runs it."""

import base64
import hashlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

UNIQUE = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""Source: RFC 6455, section 1.3."""
HEARD = b"\x81\x05heard"
MASKED, MASK_BYTES = 0x80, 4


class Handler(BaseHTTPRequestHandler):
    """Accepts every websocket."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Shake hands, then answer each short frame."""
        key = self.headers.get("Sec-WebSocket-Key", "") + UNIQUE
        accepted = base64.b64encode(hashlib.sha1(key.encode()).digest())  # noqa: S324 (the protocol's)
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", accepted.decode())
        self.end_headers()
        while head := self.rfile.read(2):
            self.rfile.read(head[1] - MASKED + MASK_BYTES)
            self.wfile.write(HEARD)
        self.close_connection = True


if __name__ == "__main__":
    ThreadingHTTPServer(("", 8000), Handler).serve_forever()
