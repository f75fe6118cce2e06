"""One box with a real node for all apps."""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from box.images.others import recipes, table
from box.lifecycle import Box
from box.platform.install import install, push
from tests.e2e.repository import ROOT
from tests.orphans import own_box
from tests.rehearse.desk import operator_of
from tests.rehearse.figures import Figures
from tests.rehearse.site import Site
from tests.rehearse_apps import page
from tests.rehearse_apps.desk import Desk
from tests.rehearse_apps.netbox import NetBox
from tests.rehearse_apps.pretalx import Pretalx
from tests.rehearse_apps.wagtail import Wagtail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from box.platform.install import Platform
    from tests.rehearse_apps.others_app import OthersApp

pytest_plugins = ["tests.e2e.timetable"]

NAMES = tuple(app.name for app in recipes.APPS)
HOSTS = tuple(f"{name}.whywhynot.de" for name in NAMES)
COMMAND_SECONDS = 1800
"""NetBox's first deploy migrates for minutes."""
BEGAN = time.monotonic()
OWN_BOX = "apps-"
"""Begins the name of a run's own box; the id of the run's process follows."""


@pytest.fixture(scope="session")
def box() -> Iterator[Box]:
    """A new box with a real node."""
    with own_box(OWN_BOX, real_node=True) as made:
        yield made


@pytest.fixture(scope="session")
def platform(box: Box) -> Platform:
    """What apps ask for; their images are in the registry."""
    table.make_all(box.progress)
    platform = install(box, NAMES, HOSTS)
    with box.progress.step("pushing the images of other people's apps"):
        push(box, [table.path_of(app) for app in recipes.APPS])
    return platform


@pytest.fixture(scope="session")
def desk(box: Box, platform: Platform) -> Iterator[Desk]:
    """A repository without apps."""
    with tempfile.TemporaryDirectory(prefix="apps-") as name:
        operator = operator_of(box, Path(name), HOSTS, volumes={})
        desk = Desk(replace(operator, timeout_seconds=COMMAND_SECONDS), platform)
        desk.clear()
        yield desk


@pytest.fixture(scope="session")
def apps(box: Box, desk: Desk, platform: Platform) -> dict[str, OthersApp]:
    """The apps by name, not deployed yet."""
    kinds = {"pretalx": Pretalx, "netbox": NetBox, "wagtail": Wagtail}
    figures = Figures(began=BEGAN)
    return {
        name: kind(Site(box, platform, desk.operator, figures, app=name), desk)
        for name, kind in kinds.items()
    }


@pytest.fixture(scope="session")
def results(request: pytest.FixtureRequest) -> Iterator[page.Results]:
    """What the run finds; a page once all of it is there."""
    made = page.Results(began=BEGAN)
    yield made
    if not request.session.testsfailed and made.is_complete(NAMES):
        made.write(ROOT / "docs")


@pytest.fixture(params=NAMES)
def app(request: pytest.FixtureRequest, apps: dict[str, OthersApp]) -> OthersApp:
    """One of the apps."""
    return apps[request.param]
