"""One box with a real node for all of a run's rehearsals."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from box.lifecycle import Box
from tests.orphans import remove_orphans
from tests.rehearse.pods import Pods

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = ["tests.e2e.timetable"]

OWN_BOX = "rehearse-"
"""Begins the name of a run's own box; the id of the run's process follows."""


@pytest.fixture(scope="session")
def box() -> Iterator[Box]:
    """A new box with a real node."""
    remove_orphans(OWN_BOX)
    made = Box(f"{OWN_BOX}{os.getpid()}", real_node=True)
    try:
        made.up()
        yield made
    finally:
        made.down()


@pytest.fixture(scope="session")
def started(box: Box) -> Pods:
    """The pods of manifests/pods.yaml, running, in two namespaces of their own."""
    made = Pods(box.kubeconfig)
    made.start()
    return made


@pytest.fixture
def pods(box: Box, started: Pods) -> Pods:
    """The same pods, whatever of the node the rehearsal before has killed."""
    box.up()
    return started
