"""One box with a real node for all of a run's rehearsals."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from box.command import kubectl
from box.lifecycle import Box
from box.platform.apply import apply
from box.platform.install import install
from tests.e2e.repository import ROOT
from tests.frozen import VERGABE_TEILNAHME
from tests.orphans import own_box
from tests.rehearse import page
from tests.rehearse.desk import operator_of
from tests.rehearse.figures import Figures
from tests.rehearse.pods import Pods
from tests.rehearse.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from box.platform.install import Platform

pytest_plugins = ["tests.e2e.timetable"]

SECOND_APP = "notizen"
SECOND_HOST = f"{SECOND_APP}.whywhynot.de"
SCRATCH = "scratch"
SCRATCH_HOST = "scratch.whywhynot.de"
ROLES = ("vergabe", SECOND_APP)
GITEA_HOST = "gitea.coulomb.social"
MORE_HOSTS = ("www.whywhynot.de", "old.whywhynot.de")
"""Additional ones of the first app."""
HOSTS = (VERGABE_TEILNAHME.host, *MORE_HOSTS, SECOND_HOST, SCRATCH_HOST, GITEA_HOST)
BEGAN = time.monotonic()
OWN_BOX = "rehearse-"
"""Begins the name of a run's own box; the id of the run's process follows."""


@pytest.fixture(scope="session")
def box() -> Iterator[Box]:
    """A new box with a real node."""
    with own_box(OWN_BOX, real_node=True) as made:
        yield made


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


@pytest.fixture(scope="session")
def figures(request: pytest.FixtureRequest) -> Iterator[Figures]:
    """What the run measures; a page once all of it is there."""
    made = Figures(began=BEGAN)
    yield made
    if not request.session.testsfailed and made.is_complete:
        page.write(made, ROOT / "docs")


@pytest.fixture(scope="session")
def platform(box: Box) -> Platform:
    """What apps ask for."""
    return install(box, ROLES, HOSTS)


@pytest.fixture
def scratch(platform: Platform, box: Box) -> Iterator[Path]:  # noqa: ARG001 (it must be there)
    """A namespace for one rehearsal; the way to its cluster."""
    apply(
        box.kubeconfig,
        [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": SCRATCH}}],
    )
    yield box.kubeconfig
    kubectl(box.kubeconfig, "delete", "namespace", SCRATCH)


@pytest.fixture(scope="session")
def site(box: Box, platform: Platform, figures: Figures) -> Iterator[Site]:
    """The platform is there, and nothing of an app; the operator has it all in git."""
    with tempfile.TemporaryDirectory(prefix="rehearse-") as name:
        yield Site(box, platform, operator_of(box, Path(name), HOSTS), figures)


@pytest.fixture(autouse=True)
def _from_a_healthy_site(request: pytest.FixtureRequest) -> Iterator[None]:
    """No rehearsal after day one stands on what another has left in pieces."""
    if "site" not in request.fixturenames:
        yield
        return
    site: Site = request.getfixturevalue("site")
    if site.well and site.in_doubt:
        site.recover()
    failed_before, site.in_doubt = request.session.testsfailed, True
    yield
    if request.session.testsfailed == failed_before and site.person and site.is_healthy:
        site.well, site.in_doubt = site.operator.git("rev-parse", "HEAD"), False
