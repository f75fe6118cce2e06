"""Rehearsal 5: what git says comes back, what git drops goes, and data stays whatever happens."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from box.poll import until
from tests.e2e.actors import acting
from tests.e2e.rehearsal import ARGOCD, DIST, Rehearsal, image_of

if TYPE_CHECKING:
    from ops.objects.base import Document

# Documents that hold data, or whose deletion takes data with it.
KEPT = ("Namespace", "Database", "PersistentVolumeClaim")
# Self-heal waits 2 s, then longer from one time to the next.
HEAL_TIMEOUT_SECONDS = 60.0
# A kept document would go with the others, which takes Argo CD a second or two.
HOLD_SECONDS = 5.0


@pytest.mark.rehearsal(5, "drift is healed; dropped documents go; no sync ever loses data")
def test_git_is_restored_and_data_is_kept(rehearsal: Rehearsal) -> None:
    rehearsal.install()
    kept = {kind: uid(rehearsal, kind) for kind in KEPT}
    with acting(*rehearsal.actors):
        change_by_hand(rehearsal)
        drop(rehearsal, "Service", "Database", "PersistentVolumeClaim")
        assert_kept(rehearsal, kept)
        rehearsal.roll_back()
        remove_the_application(rehearsal)
        assert_kept(rehearsal, kept)
        bring_the_application_back(rehearsal)
        assert_kept(rehearsal, kept)
        # Last, for it leaves a sync that waits for a person.
        drop(rehearsal, "Middleware", "Namespace")
        assert_kept(rehearsal, kept)


def change_by_hand(rehearsal: Rehearsal) -> None:
    """Somebody changes the image and deletes the Service; both are as before again."""
    service = rehearsal.existing("Service")
    deployment = rehearsal.existing("Deployment")
    container = deployment["spec"]["template"]["spec"]["containers"][0]
    container["image"] = rehearsal.image_tagged("by-hand")
    rehearsal.cluster.patch(deployment, {"spec": deployment["spec"]})
    rehearsal.cluster.delete(service)
    until(lambda: is_healed(rehearsal, service), "drift is healed", HEAL_TIMEOUT_SECONDS)


def is_healed(rehearsal: Rehearsal, deleted: Document) -> bool:
    service, deployment = rehearsal.live("Service"), rehearsal.existing("Deployment")
    return (
        service is not None
        and service["metadata"]["uid"] != deleted["metadata"]["uid"]
        and image_of(deployment) == rehearsal.image
    )


def drop(rehearsal: Rehearsal, *kinds: str) -> None:
    """Remove documents from git; the first of them, which holds no data, is pruned."""

    def without(documents: list[Document]) -> list[Document]:
        return [document for document in documents if document["kind"] not in kinds]

    rehearsal.repository.edit(DIST, without)
    rehearsal.repository.push(f"drop {', '.join(kinds)}")
    pruned = kinds[0]
    until(lambda: is_gone(rehearsal, pruned), f"{pruned} is pruned", HEAL_TIMEOUT_SECONDS)


def is_gone(rehearsal: Rehearsal, kind: str) -> bool:
    rehearsal.app.refresh()
    return not rehearsal.exists(kind)


def remove_the_application(rehearsal: Rehearsal) -> None:
    """Remove the app from git altogether; Argo CD deletes what runs, then the Application."""
    (rehearsal.repository.folder / ARGOCD).unlink()
    (rehearsal.repository.folder / DIST).unlink()
    rehearsal.repository.push("remove the app")

    def is_removed() -> bool:
        rehearsal.root.refresh()
        return rehearsal.app.document is None and not rehearsal.exists("Deployment")

    until(is_removed, "the Application and what it ran are gone", HEAL_TIMEOUT_SECONDS)


def bring_the_application_back(rehearsal: Rehearsal) -> None:
    """Take the removal back; the app finds its data again."""
    commit = rehearsal.repository.revert()

    def is_back() -> bool:
        rehearsal.root.refresh()
        return rehearsal.app.document is not None

    until(is_back, "the Application is back", HEAL_TIMEOUT_SECONDS)
    rehearsal.app.wait_for(commit)


def assert_kept(rehearsal: Rehearsal, kept: dict[str, str]) -> None:
    """The very same objects are there, and none of them is on its way out."""
    time.sleep(HOLD_SECONDS)
    for kind, wanted in kept.items():
        found = rehearsal.existing(kind)
        assert found["metadata"]["uid"] == wanted, f"{kind} was replaced"
        assert "deletionTimestamp" not in found["metadata"], f"{kind} is being deleted"


def uid(rehearsal: Rehearsal, kind: str) -> str:
    return str(rehearsal.existing(kind)["metadata"]["uid"])
