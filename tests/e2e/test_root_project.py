"""Rehearsals 70 to 72: the root Application in a project of its own."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from box.poll import until
from tests.e2e.actors import acting
from tests.e2e.argocd import NAMESPACE
from tests.e2e.intruders import assert_refused, intruder
from tests.e2e.operator import Operator
from tests.e2e.rehearsal import (
    APP,
    ARGOCD,
    ROOT_APPLICATION,
    Rehearsal,
    application_in,
    root_application,
)
from tests.e2e.stage import HOLD_SECONDS, SEEN_TIMEOUT_SECONDS, Stage
from tests.runbook import commands

if TYPE_CHECKING:
    from pathlib import Path

    from ops.objects.base import Document
    from tests.e2e.cluster import Cluster

ROOT = root_application()["metadata"]["name"]
DEFAULT = "default"
"""Argo CD's own project, which allows everything."""
OWN_PROJECTS = {ROOT: ROOT, APP: APP}
"""The project of each Application."""
APPLY_ROOT = commands("Day one", TAG="first")[-1]
STRAY_FILE = "argocd/stray.yaml"


@pytest.mark.rehearsal(70, "first install by the runbook's line: the root in its own project")
def test_first_install_is_in_projects_of_its_own(rehearsal: Rehearsal, tmp_path: Path) -> None:
    (tmp_path / "operator").mkdir()
    operator = Operator.of(rehearsal.box, tmp_path / "operator")
    commit = operator.git("rev-parse", "HEAD")
    before = rehearsal.cluster.now()
    with acting(*rehearsal.actors):
        answer = operator.shell(APPLY_ROOT)
        assert answer.returncode == 0, answer.stdout + answer.stderr
        until(lambda: rehearsal.app.document is not None, f"the Application {APP}", 30)
        rehearsal.app.wait_for(commit)
        rehearsal.root.wait_for(commit)
    assert projects_since(rehearsal.cluster, before) == set(OWN_PROJECTS.items())
    assert syncs_since(rehearsal.cluster, before, ROOT) == [commit]


@pytest.mark.rehearsal(71, "the former root moves to its project in one sync; the app stays as is")
def test_former_root_moves_to_its_project(rehearsal: Rehearsal) -> None:
    install_former_root(rehearsal)
    cluster, untouched = rehearsal.cluster, state(rehearsal)
    synced, before = rehearsal.app.operation, cluster.now()

    rehearsal.repository.take()
    commit = rehearsal.repository.push("the root Application in a project of its own")
    with acting(*rehearsal.actors):
        rehearsal.root.wait_for(commit)
        until(
            lambda: is_seen(rehearsal, commit),
            "the app's Application sees the commit",
            SEEN_TIMEOUT_SECONDS,
        )
        time.sleep(HOLD_SECONDS)

    assert projects(cluster) == OWN_PROJECTS
    assert syncs_since(cluster, before, ROOT) == [commit]
    assert rehearsal.root.conditions == ""
    assert rehearsal.root.is_at(commit)
    # To the app nothing happened, not even a sync.
    assert rehearsal.app.operation == synced
    assert state(rehearsal) == untouched
    a_later_commit_is_synced(rehearsal)


@pytest.mark.own_control_plane
@pytest.mark.rehearsal(71, "the root's move, its revert and its return: in the order of ops plan")
def test_move_can_be_reverted(rehearsal: Rehearsal) -> None:
    stage = Stage(rehearsal)
    stage.before = install_former_root(rehearsal)
    untouched = state(rehearsal)

    rehearsal.repository.take()
    moved = rehearsal.repository.push("the root Application in a project of its own")
    assert sync_root(stage, moved) == [(0, "apply AppProject"), (1, "apply Application")]
    assert projects(rehearsal.cluster) == OWN_PROJECTS

    reverted = rehearsal.repository.revert()
    assert sync_root(stage, reverted) == [(0, "keep AppProject"), (1, "apply Application")]
    assert projects(rehearsal.cluster) == {**OWN_PROJECTS, ROOT: DEFAULT}
    # Deleted in wave 0, it would leave the root Application without a project.
    assert rehearsal.cluster.get("AppProject", ROOT, NAMESPACE) is not None
    assert rehearsal.root.status["sync"]["status"] == "OutOfSync", "nobody is told of what is left"

    moved_again = rehearsal.repository.revert()
    assert sync_root(stage, moved_again) == [(0, "apply AppProject"), (1, "apply Application")]
    assert projects(rehearsal.cluster) == OWN_PROJECTS
    assert state(rehearsal) == untouched


def sync_root(stage: Stage, commit: str) -> list[tuple[int, str]]:
    """Have the root Application sync a commit in the order of `ops plan`; wave and action."""
    stage.log.skip()
    stage.foretell(commit)
    stage.before = commit
    root = stage.rehearsal.root

    def is_synced() -> bool:
        root.refresh()
        revision = root.operation.get("syncResult", {}).get("revision")
        return (revision, root.operation.get("phase")) == (commit, "Succeeded")

    until(is_synced, f"the root Application is synced to {commit[:7]}", SEEN_TIMEOUT_SECONDS)
    time.sleep(HOLD_SECONDS)
    stage.writes = stage.log.read()
    stage.check_order(ROOT)
    (plan,) = (app for app in stage.plan["apps"] if app["name"] == ROOT)
    return [(step["wave"], f"{step['action']} {step['kind']}") for step in plan["steps"]]


@pytest.mark.rehearsal(72, "the root's project refuses what does not belong into argocd/")
def test_what_does_not_belong_is_refused(rehearsal: Rehearsal) -> None:
    rehearsal.install()
    before = state(rehearsal)
    strays = [
        intruder("v1", "ConfigMap", NAMESPACE, data={"key": "value"}),
        intruder("v1", "Namespace"),
        intruder(
            "argoproj.io/v1alpha1", "Application", "databases", spec=root_application()["spec"]
        ),
        intruder("argoproj.io/v1alpha1", "AppProject", APP, spec={}),
    ]
    (rehearsal.repository.folder / STRAY_FILE).write_text("")
    rehearsal.repository.edit(STRAY_FILE, lambda _: strays)
    rehearsal.repository.push("documents that do not belong into argocd/")
    with acting(*rehearsal.actors):
        for document in strays:
            assert_refused(rehearsal.root, document)
        assert rehearsal.app.status["health"]["status"] == "Healthy"
        assert state(rehearsal) == before
        commit = rehearsal.repository.revert()
        rehearsal.root.wait_for(commit)
    assert state(rehearsal) == before


def install_former_root(rehearsal: Rehearsal) -> str:
    """Install the app below a root Application without a project of its own; the commit."""
    rehearsal.repository.edit(ROOT_APPLICATION, former)
    commit = rehearsal.install()
    rehearsal.root.wait_for(commit)
    assert projects(rehearsal.cluster) == {**OWN_PROJECTS, ROOT: DEFAULT}
    assert rehearsal.cluster.get("AppProject", ROOT, NAMESPACE) is None
    return commit


def former(documents: list[Document]) -> list[Document]:
    """The root's file as it was before the root Application had a project of its own."""
    root = application_in(documents)
    root["spec"]["project"] = DEFAULT
    return [root]


def a_later_commit_is_synced(rehearsal: Rehearsal) -> None:
    """What the root reads and what the app reads both still change with a commit."""
    rehearsal.repository.replace(ARGOCD, f"{APP} on {ROOT}", "another description")
    rehearsal.use_image(rehearsal.image_tagged("later"))
    commit = rehearsal.deploy("a later image, and another description of the app's project")
    rehearsal.root.wait_for(commit)
    project = rehearsal.cluster.get("AppProject", APP, NAMESPACE)
    assert project is not None
    assert project["spec"]["description"] == "another description"


def projects(cluster: Cluster) -> dict[str, str]:
    """The project of each Application."""
    return dict(map(project_of, cluster.all("Application")))


def projects_since(cluster: Cluster, version: int) -> set[tuple[str, str]]:
    """Every project that an Application has been in since a version, by the Application's name."""
    events = cluster.since(version, "Application")
    return {project_of(event.document) for event in events if event.change != "BOOKMARK"}


def project_of(application: Document) -> tuple[str, str]:
    """The name of an Application and its project."""
    return application["metadata"]["name"], application["spec"]["project"]


def syncs_since(cluster: Cluster, version: int, name: str) -> list[str]:
    """The commits that an Application was synced to since a version, in their order.

    The root Application applies itself, and under load Argo CD can lose its operationState with
    that; it then syncs the same commit again, which changes nothing.
    """
    found: list[str] = []
    for event in cluster.since(version, "Application"):
        operation = event.document.get("status", {}).get("operationState", {})
        if event.document["metadata"]["name"] == name and operation.get("phase") == "Running":
            commit = operation["operation"]["sync"]["revision"]
            if found[-1:] != [commit]:
                found.append(commit)
    return found


def is_seen(rehearsal: Rehearsal, commit: str) -> bool:
    """Whether the app's Application was compared with a commit, and is synced."""
    rehearsal.app.refresh()
    sync = rehearsal.app.status.get("sync", {})
    return (sync.get("revision"), sync.get("status")) == (commit, "Synced")


def state(rehearsal: Rehearsal) -> dict[tuple[str, str], tuple[str, int]]:
    """The objects of the app by kind and name: uid, and how often what is asked of it changed."""
    kinds = {document["kind"] for document in rehearsal.documents}
    applied = [rehearsal.existing(kind) for kind in sorted(kinds)]
    made = [
        {**document, "kind": kind}
        for kind in ("ReplicaSet", "Pod")
        for document in rehearsal.cluster.all(kind)
        if document["metadata"]["namespace"] == APP
    ]
    argocd = [
        {**document, "kind": kind, "metadata": {**document["metadata"], "generation": 0}}
        for kind, name in (("Application", APP), ("Application", ROOT), ("AppProject", APP))
        # The status of these counts as a change of what is asked.
        if (document := rehearsal.cluster.get(kind, name, NAMESPACE))
    ]
    return {identity(document): version(document) for document in (*applied, *made, *argocd)}


def identity(document: Document) -> tuple[str, str]:
    return document["kind"], document["metadata"]["name"]


def version(document: Document) -> tuple[str, int]:
    return document["metadata"]["uid"], document["metadata"].get("generation", 0)
