"""Rehearsal 64: the platform gets CloudNativePG 1.30, and the role becomes the app's."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from box.poll import until
from tests import frozen
from tests.conftest import rendered
from tests.e2e.actors import acting
from tests.e2e.rehearsal import DIST, Rehearsal
from tests.e2e.repository import read
from tests.e2e.test_admission import apply, assert_misspellings_are_refused

if TYPE_CHECKING:
    from pathlib import Path

    from ops.objects.base import Document

APP = dataclasses.replace(
    frozen.VERGABE_TEILNAHME,
    database=dataclasses.replace(
        frozen.VERGABE_TEILNAHME.database, extensions=("pg_trgm",), connection_limit=40
    ),
)
SYNC_SECONDS = 90.0
ROLE = ("DatabaseRole", "vergabe", "databases")


@pytest.mark.rehearsal(64, "CloudNativePG 1.30: the role comes with the app, and stays when undone")
def test_role_becomes_the_apps_and_stays(rehearsal: Rehearsal) -> None:
    rehearsal.install()
    before = identities(rehearsal)
    render(rehearsal.repository.folder)
    admit(rehearsal, "DatabaseRole", "Database")
    rehearsal.deploy("CloudNativePG 1.30")
    role = rehearsal.cluster.get(*ROLE)
    assert role
    assert role["status"]["applied"] is True
    database = rehearsal.existing("Database")
    assert database["spec"]["extensions"] == [{"name": "pg_trgm", "ensure": "present"}]
    assert identities(rehearsal) == before

    commit = rehearsal.repository.revert()
    with acting(*rehearsal.actors):
        until(lambda: is_synced(rehearsal, commit), "the former manifests are synced", SYNC_SECONDS)
    kept = rehearsal.cluster.get(*ROLE)
    assert kept
    assert kept["metadata"]["uid"] == role["metadata"]["uid"]
    # Until a person deletes it, which keeps the role in PostgreSQL.
    assert rehearsal.app.status["sync"]["status"] == "OutOfSync"


def is_synced(rehearsal: Rehearsal, commit: str) -> bool:
    """Whether the last sync was of this commit, and succeeded."""
    rehearsal.app.refresh()
    operation = rehearsal.app.operation
    revision = operation.get("syncResult", {}).get("revision")
    return operation.get("phase") == "Succeeded" and revision == commit


def render(folder: Path) -> None:
    """What `make synth` does once the platform states CloudNativePG 1.30."""
    rendered([APP], folder, platform=frozen.WITH_ROLES)


def admit(rehearsal: Rehearsal, *kinds: str) -> None:
    """The API server takes the documents strictly, and refuses each field of them misspelt."""
    found = [d for d in read(rehearsal.repository.folder / DIST) if d["kind"] in kinds]
    assert len(found) == len(kinds)
    apply(rehearsal, found)
    for document in found:
        assert_misspellings_are_refused(rehearsal, document)


def identities(rehearsal: Rehearsal) -> dict[str, object]:
    """What a new role must not touch: the Database itself, and what the pods are made from."""
    deployment: Document = rehearsal.existing("Deployment")
    return {
        "Database": rehearsal.existing("Database")["metadata"]["uid"],
        "Deployment": (deployment["metadata"]["uid"], deployment["metadata"]["generation"]),
    }
