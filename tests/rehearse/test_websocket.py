"""A websocket from a visitor through Traefik to a pod."""

from __future__ import annotations

import socket
import ssl
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, Event, Request, TextMessage

from box.platform.apply import Document, apply, is_true, wait
from box.poll import until
from tests.rehearse.conftest import SCRATCH, SCRATCH_HOST
from tests.rehearse.test_platform import FIRST, certificate, ingress, is_vouched_for

if TYPE_CHECKING:
    from box.lifecycle import Box
    from box.platform.install import Platform

NAME = "websocket"
SERVER = Path(__file__).with_name("websocket_server.py")
SILENT_SECONDS = 65
"""Longer than Traefik waits for a request."""
WITHIN_SECONDS = 20
READ_BYTES = 4096


@pytest.mark.rehearsal(
    124, "a websocket through Traefik, silent for longer than a request may take"
)
def test_a_websocket(platform: Platform, scratch: Path, box: Box) -> None:
    apply(scratch, [*server(platform.images[FIRST]), certificate(), ingress(NAME)])
    wait(scratch, SCRATCH, "pod", NAME, is_true("Ready"))
    wait(scratch, SCRATCH, "certificate", "tls", is_true("Ready"))
    assert box.network
    address, root = box.network.node, platform.acme_root
    until(lambda: is_vouched_for(address, root), f"Traefik shows {SCRATCH_HOST}", WITHIN_SECONDS)
    context = ssl.create_default_context(cafile=str(root))
    with (
        socket.create_connection((address, 443), WITHIN_SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=SCRATCH_HOST) as connection,
    ):
        websocket = WSConnection(ConnectionType.CLIENT)
        connection.sendall(websocket.send(Request(host=SCRATCH_HOST, target="/")))
        assert isinstance(answer(connection, websocket), AcceptConnection)
        assert ask(connection, websocket) == "heard"
        time.sleep(SILENT_SECONDS)
        assert ask(connection, websocket) == "heard"


def ask(connection: ssl.SSLSocket, websocket: WSConnection) -> str:
    """What is answered to a message."""
    connection.sendall(websocket.send(TextMessage(data="hello")))
    said = answer(connection, websocket)
    assert isinstance(said, TextMessage)
    return said.data


def answer(connection: ssl.SSLSocket, websocket: WSConnection) -> Event:
    """The next event of the other side."""
    while True:
        websocket.receive_data(connection.recv(READ_BYTES))
        for event in websocket.events():
            return event


def server(image: str) -> list[Document]:
    """A pod that answers each message, and its Service."""
    labels = {"app": NAME}
    container = {
        "name": NAME,
        "image": image,
        "command": ["python", "-c", SERVER.read_text()],
        "readinessProbe": {"tcpSocket": {"port": 8000}, "periodSeconds": 1},
    }
    return [
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": NAME, "namespace": SCRATCH, "labels": labels},
            "spec": {"terminationGracePeriodSeconds": 0, "containers": [container]},
        },
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": NAME, "namespace": SCRATCH},
            "spec": {"selector": labels, "ports": [{"port": 80, "targetPort": 8000}]},
        },
    ]
