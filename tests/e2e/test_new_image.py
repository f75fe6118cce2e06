"""Rehearsals 3 and 7: a new image arrives migrated, and a revert takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.rehearsal import Rehearsal, image_of
from tests.e2e.status import is_complete

if TYPE_CHECKING:
    from ops.objects.base import Document


@pytest.mark.rehearsal(3, "a new image: migrated first, deployed then")
def test_migration_completes_before_the_deployment_changes(rehearsal: Rehearsal) -> None:
    rehearsal.install()
    first_job = rehearsal.existing("Job")["metadata"]["uid"]
    new_image, before = rehearsal.image_tagged("new"), rehearsal.cluster.now()

    rehearsal.use_image(new_image)
    rehearsal.deploy("a new image")

    assert rehearsal.existing("Job")["metadata"]["uid"] != first_job
    assert image_of(rehearsal.existing("Deployment")) == new_image
    migrated, deployed = (
        next(
            event.version
            for event in rehearsal.cluster.since(before, kind)
            if has_image(event.document, new_image) and reached(event.document)
        )
        for kind, reached in (("Job", is_complete), ("Deployment", lambda _: True))
    )
    assert migrated < deployed


@pytest.mark.rehearsal(7, "a git revert brings the old image back, and leaves the data alone")
def test_revert_restores_the_image_and_not_the_database(rehearsal: Rehearsal) -> None:
    rehearsal.install()
    database = rehearsal.existing("Database")
    volume = rehearsal.existing("PersistentVolumeClaim")
    rehearsal.use_image(rehearsal.image_tagged("new"))
    rehearsal.deploy("a new image")

    rehearsal.roll_back()

    assert image_of(rehearsal.existing("Deployment")) == rehearsal.image
    assert image_of(rehearsal.existing("Job")) == rehearsal.image
    assert rehearsal.existing("Database") == database
    assert rehearsal.existing("PersistentVolumeClaim") == volume


def has_image(workload: Document, image: str) -> bool:
    return image_of(workload) == image
