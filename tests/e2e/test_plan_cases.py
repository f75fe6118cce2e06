"""Rehearsal 61: what `ops plan` says of a change of the app is what becomes of it."""

from __future__ import annotations

import shlex
import time
from typing import TYPE_CHECKING

import pytest

from box.poll import until
from tests.e2e.actors import acting
from tests.e2e.rehearsal import APP, ARGOCD, DIST, Rehearsal, image_of
from tests.e2e.stage import HOLD_SECONDS, SEEN_TIMEOUT_SECONDS, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.objects.base import Document

MIGRATES = {"Job": "migrations run"}
ROLLS = {"Deployment": "pods roll without a gap"}
ROLLS_WITH_GAP = {"Deployment": "pods roll with a gap"}
EXPOSES = {"Certificate": "exposure changes", "Ingress": "exposure changes"}


@pytest.mark.own_control_plane
@pytest.mark.rehearsal(61, "each kind of change: classed by ops plan, and the box agrees")
def test_box_agrees_with_the_class(
    rehearsal: Rehearsal, record_property: Callable[[str, object], None]
) -> None:
    stage = Stage(rehearsal)
    for case in CASES:
        case(stage)
    record_property("note", f"{len(CASES)} cases")


def first_install(stage: Stage) -> None:
    stage.log.skip()
    commit = stage.rehearsal.install()
    assert set(stage.foretell(commit)) == {d["kind"] for d in stage.rehearsal.documents}
    stage.before, stage.writes = commit, stage.log.read()
    stage.check_order(APP)
    stage.check_order(stage.rehearsal.root.name)


def image_change(stage: Stage) -> None:
    job, pods = stage.uid("Job"), stage.pods()
    stage.rehearsal.use_image(stage.rehearsal.image_tagged("new"))
    assert stage.change("another image") == MIGRATES | ROLLS
    assert stage.uid("Job") != job
    assert image_of(stage.rehearsal.existing("Job")) == stage.rehearsal.image_tagged("new")
    assert_rolled(stage, pods)


def revert(stage: Stage) -> None:
    job, pods = stage.uid("Job"), stage.pods()
    assert stage.take_back() == MIGRATES | ROLLS
    assert stage.uid("Job") != job
    assert image_of(stage.rehearsal.existing("Deployment")) == stage.rehearsal.image
    assert_rolled(stage, pods)


def new_variable(stage: Stage) -> None:
    job, pods = stage.uid("Job"), stage.pods()
    added = {"name": "FEATURE", "value": "on"}
    stage.edit("Deployment", lambda d: container(d)["env"].append(added))
    assert stage.change("another variable") == MIGRATES | ROLLS
    assert stage.uid("Job") != job, "the unchanged hook did not run"
    assert_rolled(stage, pods)


def host_change(stage: Stage) -> None:
    pods, host = stage.pods(), "elsewhere.whywhynot.de"
    stage.rehearsal.repository.replace(DIST, f"{APP}.whywhynot.de", host)
    assert stage.change("another host") == MIGRATES | ROLLS_WITH_GAP | EXPOSES
    ingress, certificate = (stage.rehearsal.existing(kind) for kind in ("Ingress", "Certificate"))
    assert {rule["host"] for rule in ingress["spec"]["rules"]} == {host}
    assert certificate["spec"]["dnsNames"] == [host]
    assert_rolled(stage, pods)  # for the host stands in the pods' environment


def reclaim_policy_change(stage: Stage) -> None:
    before, pods = stage.rehearsal.existing("Database"), stage.pods()
    stage.rehearsal.repository.replace(
        DIST, "databaseReclaimPolicy: retain", "databaseReclaimPolicy: delete"
    )
    found = stage.change("Acknowledge-Data-Risk: Database databases/vergabe-db")
    assert found == MIGRATES | {"Database": "data at risk"}
    after = stage.rehearsal.existing("Database")
    assert after["metadata"]["uid"] == before["metadata"]["uid"]
    assert after["spec"] == before["spec"] | {"databaseReclaimPolicy": "delete"}
    assert stage.pods() == pods
    stage.take_back()


def hook_alone(stage: Stage) -> None:
    job = stage.uid("Job")
    stage.edit("Job", lambda d: d["spec"].update(backoffLimit=2))
    found = stage.change(f"Acknowledge-Hook: Job {APP}/{APP}-migrate", applied=False)
    assert found == {"Job": "the hook does not run"}
    assert stage.written() == []
    assert stage.uid("Job") == job
    (note,) = next(app["notes"] for app in stage.plan["apps"] if app["name"] == APP)
    with acting(*stage.rehearsal.actors):
        stage.rehearsal.cluster.kubectl(*shlex.split(note.partition(": kubectl ")[2]))
        until(lambda: limit_of(stage) == 2, "the hook runs as changed", SEEN_TIMEOUT_SECONDS)
    stage.take_back(applied=False)


def limit_of(stage: Stage) -> int:
    """The migrate Job's; 0 while there is no such Job."""
    job = stage.rehearsal.cluster.get("Job", f"{APP}-migrate", APP)
    return int(job["spec"]["backoffLimit"]) if job else 0


def selector_label_change(stage: Stage) -> None:
    def relabel(deployment: Document) -> None:
        spec = deployment["spec"]
        for labels in (spec["selector"]["matchLabels"], spec["template"]["metadata"]["labels"]):
            labels["app.kubernetes.io/component"] = "another"

    pods = stage.pods()
    stage.edit("Deployment", relabel)
    assert "field is immutable" in stage.refusal("Deployment")
    found = stage.change("another label in a selector", applied=False)
    assert found["Deployment"] == "refused by the API server"
    # Argo CD compares by a dry run of its own, so that it does not so much as begin.
    assert "field is immutable" in stage.rehearsal.app.conditions
    assert stage.written() == []
    assert stage.pods() == pods
    stage.take_back(applied=False)


def database_renamed(stage: Stage) -> None:
    database = stage.rehearsal.existing("Database")
    stage.rehearsal.repository.replace(DIST, "name: vergabe_db", "name: other_db")
    assert "name is immutable" in stage.refusal("Database")
    found = stage.change("another name of the database", applied=False)
    assert found["Database"] == "refused by the API server"
    assert "name is immutable" in stage.rehearsal.app.conditions
    assert stage.written() == []
    assert stage.rehearsal.existing("Database") == database
    stage.take_back(applied=False)


def app_removed(stage: Stage) -> None:
    rehearsal = stage.rehearsal
    uids = {kind: stage.uid(kind) for kind in {d["kind"] for d in rehearsal.documents}}
    for file in (ARGOCD, DIST):
        (rehearsal.repository.folder / file).unlink()
    commit = rehearsal.repository.push(f"Acknowledge-Deletion: Application argocd/{APP}")
    stage.log.skip()
    found = stage.foretell(commit)
    with acting(*rehearsal.actors):
        until(lambda: is_removed(rehearsal, commit), "the app is gone", SEEN_TIMEOUT_SECONDS)
        time.sleep(HOLD_SECONDS)
    stage.writes = stage.log.read()
    stage.check_order(APP)
    stage.check_order(rehearsal.root.name)
    assert set(found) == set(uids)
    for kind, effect in found.items():
        live = rehearsal.live(kind)
        if effect == "deleted":
            assert live is None, kind
        else:
            assert effect == "nothing happens"
            assert live is not None, kind
            assert live["metadata"]["uid"] == uids[kind]
            assert "deletionTimestamp" not in live["metadata"]


CASES = (
    first_install,
    image_change,
    revert,
    new_variable,
    host_change,
    reclaim_policy_change,
    hook_alone,
    selector_label_change,
    database_renamed,
    app_removed,
)


def is_removed(rehearsal: Rehearsal, commit: str) -> bool:
    rehearsal.root.refresh()
    is_seen = rehearsal.root.status.get("sync", {}).get("revision") == commit
    return bool(is_seen) and rehearsal.app.document is None


def assert_rolled(stage: Stage, before: set[str]) -> None:
    """The pods are others, and there was one ready at every moment in between."""
    available = [
        write.body["status"].get("availableReplicas", 0)
        for write in stage.writes
        if write.key[1] == "deployments" and write.subresource == "status"
    ]
    assert available, "nobody reported of the rollout"
    assert min(available) > 0
    until(lambda: stage.pods().isdisjoint(before), "the old pods are gone", SEEN_TIMEOUT_SECONDS)


def container(workload: Document) -> Document:
    found: Document = workload["spec"]["template"]["spec"]["containers"][0]
    return found
