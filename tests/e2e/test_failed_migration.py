"""Rehearsal 4: a migration that fails leaves the running pods alone."""

from __future__ import annotations

import pytest

from box.poll import until
from tests.e2e.rehearsal import Rehearsal, image_of
from tests.e2e.status import is_failed

# Kubernetes waits 10 s before the second try of a Job.
GIVES_UP_TIMEOUT_SECONDS = 120.0
SAYS_SO_TIMEOUT_SECONDS = 30.0


@pytest.mark.rehearsal(
    4, "a failed migration: old pods stay, Argo CD says why, the next commit fixes"
)
def test_failed_migration_keeps_the_old_image(rehearsal: Rehearsal) -> None:
    rehearsal.install()
    before = rehearsal.cluster.now()

    rehearsal.use_image(rehearsal.image_tagged("migration-fails"))
    rehearsal.repository.push("an image whose migration fails")
    until(lambda: gave_up(rehearsal), "the migration gives up", GIVES_UP_TIMEOUT_SECONDS)
    until(lambda: says_why(rehearsal), "Argo CD names the migration", SAYS_SO_TIMEOUT_SECONDS)
    assert deployed_images(rehearsal, before) <= {rehearsal.image}

    fixed = rehearsal.image_tagged("fixed")
    rehearsal.use_image(fixed)
    rehearsal.deploy("an image whose migration succeeds")
    assert image_of(rehearsal.existing("Deployment")) == fixed
    assert deployed_images(rehearsal, before) <= {rehearsal.image, fixed}


def gave_up(rehearsal: Rehearsal) -> bool:
    rehearsal.app.refresh()
    job = rehearsal.live("Job")
    return job is not None and is_failed(job)


def says_why(rehearsal: Rehearsal) -> bool:
    """Argo CD's result for the Job is a failure, in words that an operator can use."""
    name = rehearsal.one("Job")["metadata"]["name"]
    return any(
        result["name"] == name
        and result.get("hookPhase") == "Failed"
        and "backoff limit" in result.get("message", "")
        for result in rehearsal.app.results
    )


def deployed_images(rehearsal: Rehearsal, before: int) -> set[str]:
    """Every image that the Deployment has asked for since."""
    return {image_of(e.document) for e in rehearsal.cluster.since(before, "Deployment")}
