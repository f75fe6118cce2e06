"""Rehearsal 8: whoever dies in the middle of a sync, it ends the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from box.poll import until
from tests.e2e.actors import acting
from tests.e2e.status import has_condition

if TYPE_CHECKING:
    from tests.e2e.rehearsal import Rehearsal

CRASHED_TIMEOUT_SECONDS = 45.0
SYNC_TIMEOUT_SECONDS = 120.0


def marks(component: str) -> list[pytest.MarkDecorator]:
    rehearsal = pytest.mark.rehearsal(8, f"killed in the middle of a sync: {component}")
    own = [pytest.mark.own_control_plane] if component == "kube-apiserver" else []
    return [rehearsal, *own]


@pytest.mark.parametrize(
    "component",
    [
        pytest.param(component, marks=marks(component))
        for component in ("argocd-application-controller", "kube-apiserver")
    ],
)
def test_sync_ends_in_the_same_state(rehearsal: Rehearsal, component: str) -> None:
    commit = rehearsal.begin()
    # The sync has begun, and waits for CloudNativePG.
    until(lambda: rehearsal.exists("Database"), "the sync is under way", CRASHED_TIMEOUT_SECONDS)

    rehearsal.box.kill(component)
    with acting(*rehearsal.actors):
        rehearsal.box.up()
        rehearsal.app.wait_for(commit, SYNC_TIMEOUT_SECONDS)

    for document in rehearsal.documents:
        assert contains(rehearsal.existing(document["kind"]), document), document["kind"]
    assert has_condition(rehearsal.existing("Job"), "Complete")
    assert has_condition(rehearsal.existing("Deployment"), "Available")


def contains(live: object, wanted: object) -> bool:
    """Whether the live document has everything that the committed one asks for."""
    if isinstance(wanted, dict):
        return isinstance(live, dict) and all(
            key in live and contains(live[key], value) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return isinstance(live, list) and all(map(contains, live, wanted))
    return live == wanted
