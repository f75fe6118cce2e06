"""What every rehearsal stands on: a box, the platform's part of the cluster, a repository."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from box import folder
from box.lifecycle import Box
from tests.e2e.cluster import Cluster
from tests.e2e.guard import require_throwaway
from tests.e2e.platform import furnish
from tests.e2e.rehearsal import Rehearsal, repository_address
from tests.e2e.repository import Repository
from tests.orphans import own_box

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = ["tests.e2e.timetable", "tests.standin.fixtures"]

OWN_BOX = "e2e-"
"""Begins the name of a run's own box; the id of the run's process follows."""


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker of what a cluster of somebody else's cannot do."""
    text = "own_control_plane: kills the API server, or reads what it writes down"
    config.addinivalue_line("markers", text)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs an API server that the box has started."""
    named = os.environ.get("KUBECONFIG")
    if not named or running_box(named):
        return
    foreign = [item for item in items if item.get_closest_marker("own_control_plane")]
    config.hook.pytest_deselected(items=foreign)
    items[:] = [item for item in items if item not in foreign]


def running_box(kubeconfig: str) -> folder.Folder | None:
    """The box whose kubeconfig this is."""
    return next((box for box in folder.existing() if str(box.kubeconfig) == kubeconfig), None)


@pytest.fixture(scope="session")
def box() -> Iterator[Box]:
    """The box that KUBECONFIG names, or one on the cluster that it names, or a new one."""
    named = os.environ.get("KUBECONFIG")
    if running := running_box(named or ""):
        found = Box(running.name)
        found.up()
        yield found
        return
    if named:
        require_throwaway(Cluster(Path(named)))
    with own_box(OWN_BOX, cluster=Path(named) if named else None) as made:
        yield made


@pytest.fixture
def rehearsal(box: Box, tmp_path: Path) -> Rehearsal:
    """An empty cluster, but for what the platform brings, and the committed manifests."""
    box.up()  # a rehearsal before may have killed a part of it
    cluster = Cluster(box.kubeconfig)
    cluster.clear()
    furnish(cluster)
    address = repository_address()
    repository = Repository(tmp_path, box.serve(address))
    repository.take()
    return Rehearsal(box, cluster, repository)
