"""Whether a component answers."""

from __future__ import annotations

import socket
import ssl
import urllib.error
import urllib.request
from http import HTTPStatus
from typing import TYPE_CHECKING

from box.ports import LOOPBACK

if TYPE_CHECKING:
    from pathlib import Path


def accepts_connections(port: int, address: str = LOOPBACK) -> bool:
    """Whether a process listens on a port."""
    try:
        socket.create_connection((address, port), timeout=1).close()
    except OSError:
        return False
    return True


def answers_ok(url: str, ca: Path) -> bool:
    """Whether a URL answers 200."""
    # A proxy from the caller's environment must not be used for loopback.
    handlers = [
        urllib.request.ProxyHandler({}),
        urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=str(ca))),
    ]
    try:
        with urllib.request.build_opener(*handlers).open(url, timeout=2) as response:
            return bool(response.status == HTTPStatus.OK)
    except (OSError, urllib.error.URLError):
        return False
