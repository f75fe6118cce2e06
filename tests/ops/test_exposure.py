"""The checks of names and ports, against resolvers and ports that a machine may not have."""

import socket
import time
from collections.abc import Callable
from typing import Any, cast

import pytest

from ops.preflight import exposure_readiness
from ops.preflight.subject import Subject
from ops.results.result import Result, State
from tests import frozen

HOST, OTHER = "app.example.org", "192.0.2.2"
ADDRESS = frozen.RAILIANCE01.public_address


class App:
    host = HOST
    platform = frozen.RAILIANCE01


class Asked:
    """As much of a subject as these checks look at."""

    app = App
    platform = App.platform


def dns() -> Result:
    return exposure_readiness.dns(cast("Subject", Asked))


def family(address: str) -> int:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def resolver(*addresses: str) -> Callable[..., list[Any]]:
    def look_up(*_: Any, **__: Any) -> list[Any]:
        families = {
            address: socket.AF_INET6 if ":" in address else socket.AF_INET for address in addresses
        }
        return [(family, 1, 6, "", (address, 0)) for address, family in families.items()]

    return look_up


@pytest.mark.parametrize(
    ("addresses", "state"),
    [
        ((ADDRESS,), State.OK),
        ((OTHER,), State.FAILED),
        ((ADDRESS, OTHER), State.FAILED),
        (("2001:db8::1",), State.FAILED),
        ((ADDRESS, "2001:db8::1"), State.WARNING),
    ],
)
def test_records_are_judged(
    monkeypatch: pytest.MonkeyPatch, addresses: tuple[str, ...], state: State
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolver(*addresses))
    answer = dns()
    assert answer.state is state
    assert ADDRESS in answer.evidence


@pytest.mark.parametrize(
    ("error", "state"),
    [(socket.EAI_NONAME, State.FAILED), (socket.EAI_AGAIN, State.UNKNOWN)],
)
def test_no_answer_is_told_from_the_answer_that_there_is_none(
    monkeypatch: pytest.MonkeyPatch, error: int, state: State
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise socket.gaierror(error, "reason")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert dns().state is state


def test_silent_name_server_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(5))
    monkeypatch.setattr(exposure_readiness, "TIMEOUT_SECONDS", 0.1)
    began = time.monotonic()
    answer = dns()
    assert time.monotonic() - began < 2
    assert answer.state is State.UNKNOWN
    assert "no name server has answered" in answer.evidence


def test_port_is_reachable_or_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert exposure_readiness.reachable("127.0.0.1", port).state is State.OK
    refused = exposure_readiness.reachable("127.0.0.1", port)
    assert refused.state is State.FAILED
    assert "Connection refused" in refused.evidence
