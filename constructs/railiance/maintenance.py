"""The page that visitors see during maintenance: rendered here, checked and opened by ops."""

import hashlib
import hmac

PORT = 8080
READY_PATH = "/ready"
RETRY_AFTER_SECONDS = 300
PASS_PARAMETER = "maintenance-pass"  # noqa: S105 (the name of a parameter)
"""In the address that lets an operator in."""
PASS_COOKIE = "__Host-maintenance-pass"  # noqa: S105 (the name of a cookie)
_PURPOSE = "maintenance-pass"
"""Signed with the expiry, so that nothing else that the key signs is a pass."""

_PAGE = """\
import hashlib, hmac, html, os, signal, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

variable, host, purpose, parameter, cookie_name, ready, retry_after, port = sys.argv[1:]
key = os.environ.get(variable, "")
PAGE = (
    '<!doctype html><html><head><meta charset="utf-8"><meta name="robots" content="noindex">'
    '<meta name="viewport" content="width=device-width"><title>503</title></head>'
    '<body style="font-family:sans-serif;text-align:center;margin-top:20vh">'
    '<p style="font-size:4em;margin:0">\\U0001f6e0</p><h1>' + html.escape(host) + "</h1>"
    "<p>Maintenance \\u00b7 Wartung \\u00b7 Mantenimiento \\u00b7 Manutenzione</p></body></html>"
).encode()


def opens(given):
    expiry, _, signature = given.partition(".")
    is_number = expiry.isascii() and expiry.isdigit() and len(expiry) < 12
    if not (key and is_number and int(expiry) > time.time()):
        return False
    text = (purpose + " " + expiry).encode()
    wanted = hmac.new(key.encode(), text, hashlib.sha256).hexdigest()
    return hmac.compare_digest(signature.encode(), wanted.encode())


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self):
        asked = self.headers.get("X-Forwarded-Uri", "/")
        parts = urlsplit("//x" + asked)
        given = parse_qs(parts.query).get(parameter, [""])[0]
        if self.path == ready or opens(self.cookie()):
            self.answer(200, b"", {})
        elif opens(given):
            there = self.headers.get("X-Forwarded-Host", host)
            cookie = cookie_name + "=" + given + "; Path=/; Secure; HttpOnly; SameSite=Lax"
            location = "https://" + there + (parts.path or "/")
            self.answer(302, b"", {"Location": location, "Set-Cookie": cookie})
        else:
            self.answer(503, PAGE, {"Retry-After": retry_after})

    def cookie(self):
        parts = self.headers.get("Cookie", "").split(";")
        return dict(part.strip().partition("=")[::2] for part in parts).get(cookie_name, "")

    def answer(self, status, body, headers):
        self.send_response(status)
        usual = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
        for name, value in {**usual, **headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
Server(("", int(port)), Handler).serve_forever()
"""
"""Traefik asks it before each request (ForwardAuth) and passes on whatever is not a 2xx.

It answers 503 with Retry-After, and 200 to an operator with a pass. It needs nothing but Python's
own library, and neither the database nor the app's code.
Source: Traefik, "ForwardAuth".
"""


def page_command(python: str, secret_key: str, host: str) -> list[str]:
    """The command of the page's container; passes are signed with the variable secret_key."""
    names = (_PURPOSE, PASS_PARAMETER, PASS_COOKIE, READY_PATH)
    return [python, "-c", _PAGE, secret_key, host, *names, str(RETRY_AFTER_SECONDS), str(PORT)]


def name(app: str) -> str:
    """The page's Deployment, Service and Middleware."""
    return f"{app}-maintenance"


def address(app: str) -> str:
    """Where Traefik asks; the app's namespace has its name."""
    return f"http://{name(app)}.{app}.svc"


def pass_until(expiry: int, key: str) -> str:
    """A pass that the page accepts until a time, in seconds since 1970."""
    text = f"{_PURPOSE} {expiry}".encode()
    return f"{expiry}.{hmac.new(key.encode(), text, hashlib.sha256).hexdigest()}"
