"""Rehearsal 81: the maintenance page comes before the Ingress asks it, and goes after that."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from tests.conftest import rendered
from tests.e2e.order import is_available
from tests.e2e.rehearsal import APP, Rehearsal
from tests.frozen import VERGABE_TEILNAHME

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.objects.base import Document
    from tests.e2e.cluster import Event

PAGE = f"{APP}-maintenance"
MIDDLEWARES = "traefik.ingress.kubernetes.io/router.middlewares"
KINDS = ("Deployment", "Service", "Middleware", "NetworkPolicy")


@pytest.mark.rehearsal(81, "maintenance on and off: the page is there whenever it is asked")
def test_page_is_there_whenever_it_is_asked(
    rehearsal: Rehearsal, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rehearsal.install()
    cluster = rehearsal.cluster
    web = rehearsal.existing("Deployment")["spec"]

    before = cluster.now()
    on = dataclasses.replace(VERGABE_TEILNAHME, maintenance=True)
    rehearsal.repository.take(rendered([on], tmp_path_factory.mktemp("on")))
    rehearsal.deploy("maintenance on")
    history = cluster.since(before, "Ingress", *KINDS)
    asked = when(history, "Ingress", APP, asks)
    assert when(history, "Deployment", PAGE, is_available) < asked
    for kind in KINDS:
        assert when(history, kind, PAGE, lambda _: True) < asked
    assert rehearsal.existing("Deployment")["spec"] == web

    before = cluster.now()
    rehearsal.roll_back()
    history = cluster.since(before, "Ingress", *KINDS)
    asked_no_more = when(history, "Ingress", APP, lambda ingress: not asks(ingress))
    for kind in KINDS:
        assert cluster.get(kind, PAGE, APP) is None
        assert going(history, kind) > asked_no_more
    assert rehearsal.existing("Deployment")["spec"] == web


def asks(ingress: Document) -> bool:
    """Whether requests are asked about at the page."""
    return f"-{PAGE}@" in ingress["metadata"]["annotations"][MIDDLEWARES]


def when(history: list[Event], kind: str, name: str, holds: Callable[[Document], bool]) -> int:
    """When something first held of an object."""
    return next(
        event.version
        for event in history
        if (event.kind, event.document["metadata"]["name"]) == (kind, name)
        and holds(event.document)
    )


def going(history: list[Event], kind: str) -> int:
    """When the page's object of a kind was first deleted."""
    return next(
        event.version
        for event in history
        if (event.kind, event.document["metadata"]["name"]) == (kind, PAGE)
        and (event.change == "DELETED" or "deletionTimestamp" in event.document["metadata"])
    )
