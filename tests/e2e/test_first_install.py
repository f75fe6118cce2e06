"""Rehearsal 2: a first install, in the promised order."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from box.poll import until
from tests.e2e.actors import CertManager, CloudNativePG, Traefik, acting
from tests.e2e.repository import wave
from tests.e2e.status import is_applied, is_complete, is_ready

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.objects.base import Document
    from tests.e2e.cluster import Event
    from tests.e2e.rehearsal import Rehearsal

# Argo CD looks at a wave about once a second: in this time it would have gone on.
HOLD_SECONDS = 4.0
STEP_TIMEOUT_SECONDS = 45.0


@pytest.mark.rehearsal(2, "a first install arrives in the promised order")
def test_first_install_arrives_in_order(rehearsal: Rehearsal) -> None:
    cluster = rehearsal.cluster
    before = cluster.now()
    commit = rehearsal.begin()

    appears(rehearsal, "Database")
    stays_away(rehearsal, "Job", "Deployment", "Ingress")
    CloudNativePG(cluster).act()

    appears(rehearsal, "Certificate")
    stays_away(rehearsal, "Ingress", "Middleware")
    CertManager(cluster).act()

    with acting(Traefik(cluster)):
        rehearsal.app.wait_for(commit)
    history = cluster.since(before, *{document["kind"] for document in rehearsal.documents})
    assert_in_order(rehearsal, history)


def appears(rehearsal: Rehearsal, kind: str) -> None:
    until(lambda: rehearsal.exists(kind), f"{kind} is created", STEP_TIMEOUT_SECONDS)


def stays_away(rehearsal: Rehearsal, *kinds: str) -> None:
    """Nothing of these kinds comes while what they wait for is not there."""
    deadline = time.monotonic() + HOLD_SECONDS
    while time.monotonic() < deadline:
        early = [kind for kind in kinds if rehearsal.exists(kind)]
        assert not early, f"created too early: {', '.join(early)}"
        time.sleep(0.2)


def assert_in_order(rehearsal: Rehearsal, history: list[Event]) -> None:
    """What the cluster stored, in the order in which it stored it."""
    created = {document["kind"]: created_at(history, document) for document in rehearsal.documents}
    for earlier in rehearsal.documents:
        for later in rehearsal.documents:
            if wave(earlier) < wave(later):
                assert created[earlier["kind"]] < created[later["kind"]], (
                    f"{later['kind']} before {earlier['kind']}"
                )
    assert first(history, "Database", is_applied) < created["Job"]
    assert first(history, "Job", is_complete) < created["Deployment"]
    assert first(history, "Certificate", is_ready) < created["Ingress"]


def created_at(history: list[Event], wanted: Document) -> int:
    name = wanted["metadata"]["name"]
    return next(
        event.version
        for event in history
        if event.kind == wanted["kind"]
        and event.document["metadata"]["name"] == name
        and event.change == "ADDED"
    )


def first(history: list[Event], kind: str, holds: Callable[[Document], bool]) -> int:
    """When something first held of a document of this kind."""
    return next(e.version for e in history if e.kind == kind and holds(e.document))
