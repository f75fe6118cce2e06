"""Three apps that others wrote, from an empty cluster to a worker that is killed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from box.images.others import recipes
from box.images.others.build import SECOND
from box.poll import until
from tests.rehearse.site import settle
from tests.rehearse_apps import page

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.rehearse_apps.others_app import OthersApp

VERSIONS = {app.name: app.version for app in recipes.APPS}
NOT_WELL = {"warning", "failed", "unknown"}
"""The local cluster has no backups, and nothing else may be wrong."""
CALM_WITHIN_SECONDS = 120
NEXT_RUN_SECONDS = 720
"""A schedule runs every five or ten minutes."""


@pytest.fixture
def note(app: OthersApp, results: page.Results) -> Callable[[str, str], None]:
    """Adds what was found of the app to the page."""
    return lambda step, text: results.note(app.name, step, text)


@pytest.mark.rehearsal(200, "day one of an app that somebody else wrote")
def test_day_one(app: OthersApp, note: Callable[[str, str], None]) -> None:
    began = time.monotonic()
    app.day_one(VERSIONS[app.name])
    note("day one", f"{VERSIONS[app.name]}, {time.monotonic() - began:.0f} s")
    said = app.site.do(f"ops preflight --app {app.name}", f"ops status --app {app.name}")
    lines = [line.split() for line in said.splitlines() if not line.startswith(" ")]
    assert [words[1] for words in lines if words[0] in NOT_WELL] == ["postgres.backup"]


@pytest.mark.rehearsal(201, "a person logs in and saves something")
def test_a_person_saves_something(app: OthersApp, note: Callable[[str, str], None]) -> None:
    app.add_person()
    note("person", app.save_something())


@pytest.mark.rehearsal(202, "the worker completes a task")
def test_the_worker_completes_a_task(app: OthersApp, note: Callable[[str, str], None]) -> None:
    if not app.worker:
        note("task", "no worker")
        return
    began = time.monotonic()
    app.wait_until_done(app.queue_task())
    note("task", f"within {time.monotonic() - began:.0f} s")


@pytest.mark.rehearsal(203, "a new image rolls under load, and no request fails")
def test_a_new_image_fails_nobody(app: OthersApp, note: Callable[[str, str], None]) -> None:
    with app.site.visitors(page.VISITORS) as visitors:
        settle()
        began = time.monotonic()
        app.site.do(
            f"ops image set --app {app.name} {SECOND}",
            f"git commit --quiet --all --message '{app.name} {SECOND}'",
            "git push --quiet",
            f"ops deploy --app {app.name}",
        )
        seconds = time.monotonic() - began
        settle()
    assert f":{SECOND}@" in app.site.image
    assert visitors.requests
    assert visitors.failed == []
    note("roll", f"{seconds:.0f} s, {page.requests(visitors)}")


@pytest.mark.rehearsal(204, "a worker that is told to end finishes its task")
def test_a_worker_that_ends_finishes_its_task(
    app: OthersApp, note: Callable[[str, str], None]
) -> None:
    if not app.worker:
        note("ended", "no worker")
        return
    with app.task_going_on() as task:
        app.end_worker()
        settle()
    app.wait_until_done(task)
    app.wait_for_worker()
    note("ended", "it finishes the task")


@pytest.mark.rehearsal(205, "a worker that is killed loses its task, and the next one works")
def test_a_worker_that_is_killed_loses_its_task(
    app: OthersApp, note: Callable[[str, str], None]
) -> None:
    if not app.worker:
        note("killed", "no worker")
        return
    with app.task_going_on() as lost:
        app.kill_worker()
    app.wait_for_worker()
    app.wait_until_done(app.queue_task())
    note("killed", app.look_after(lost))
    assert not app.has_done(lost)


@pytest.mark.rehearsal(206, "the password of Valkey is rotated, and web and worker go on")
def test_the_password_of_valkey_is_rotated(
    app: OthersApp, note: Callable[[str, str], None]
) -> None:
    if not app.worker:
        note("rotated", "no Valkey")
        return
    with app.site.visitors() as visitors:
        began = time.monotonic()
        app.rotate_valkey()
        seconds = time.monotonic() - began
        visitors.until_answered(CALM_WITHIN_SECONDS)
    app.wait_until_done(app.queue_task())
    note("rotated", f"{seconds:.0f} s, {page.requests(visitors)}")


@pytest.mark.rehearsal(207, "the schedule runs, at its time and by `ops run`")
def test_the_schedule_runs(app: OthersApp, note: Callable[[str, str], None]) -> None:
    until(app.has_run_at_its_time, f"{app.name}'s schedule has run", NEXT_RUN_SECONDS)
    app.site.do(f"ops run --app {app.name} {app.schedule}")
    note("schedule", f"`{app.schedule}`, at its time and by `ops run`")
