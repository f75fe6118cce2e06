"""Rehearsal 9: ten times as many apps take ten times as long, and no more."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from box.poll import until
from tests.e2e import fleet
from tests.e2e.actors import acting
from tests.e2e.argocd import is_done
from tests.e2e.rehearsal import ROOT_APPLICATION, Rehearsal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FEW, MANY = 10, 100
ALLOWED_RATIO = 1.5
INSTALL_TIMEOUT_SECONDS = 420.0


@pytest.mark.rehearsal(9, f"growth: {FEW} and {MANY} apps, first install")
def test_time_per_app_does_not_grow(
    rehearsal: Rehearsal, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    per_app = {}
    for count in (FEW, MANY):
        rehearsal.cluster.clear()
        rehearsal.furnish()
        per_app[count] = install(rehearsal, count, tmp_path / "fleet") / count
    figures = ", ".join(
        f"{count} apps: {seconds:.2f} s an app" for count, seconds in per_app.items()
    )
    record_property("note", figures)
    assert per_app[MANY] <= ALLOWED_RATIO * per_app[FEW], figures


def install(rehearsal: Rehearsal, count: int, rendered: Path) -> float:
    """Install so many apps on an empty cluster; how many seconds until all are healthy."""
    rendered.mkdir(exist_ok=True)
    names = set(fleet.render(count, rendered))
    rehearsal.repository.take(rendered)
    commit = rehearsal.repository.push(f"{count} apps")
    began = time.monotonic()
    with acting(*rehearsal.actors):
        rehearsal.cluster.apply_files(rehearsal.repository.folder / ROOT_APPLICATION)
        until(
            lambda: names <= done(rehearsal, commit),
            f"{count} apps are healthy",
            INSTALL_TIMEOUT_SECONDS,
        )
    return time.monotonic() - began


def done(rehearsal: Rehearsal, commit: str) -> set[str]:
    """The Applications that are synced and healthy."""
    applications = rehearsal.cluster.all("Application")
    return {a["metadata"]["name"] for a in applications if is_done(a, commit)}
