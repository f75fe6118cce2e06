"""Rehearsal 6: what the AppProject keeps out, even if it gets into git."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from box.poll import until
from tests.e2e.actors import acting
from tests.e2e.argocd import NAMESPACE, Application
from tests.e2e.intruders import REFUSED_TIMEOUT_SECONDS, assert_refused, intruder
from tests.e2e.rehearsal import APP, ARGOCD, DIST, Rehearsal, application_in
from tests.e2e.repository import read

if TYPE_CHECKING:
    from ops.objects.base import Document

OTHER_APP: Document = {
    "apiVersion": "v1",
    "kind": "Namespace",
    "metadata": {"name": "another-app"},
}

INTRUDERS = (
    intruder("v1", "Secret", APP, stringData={"key": "value"}),
    intruder(
        "postgresql.cnpg.io/v1",
        "Cluster",
        "databases",
        spec={"instances": 1, "storage": {"size": "1Gi"}},
    ),
    intruder("rbac.authorization.k8s.io/v1", "ClusterRole", rules=[]),
    intruder("v1", "ServiceAccount", "another-app"),
)


@pytest.mark.rehearsal(6, "the project refuses what is not the app's")
def test_project_refuses_what_is_not_the_apps(rehearsal: Rehearsal) -> None:
    rehearsal.cluster.create(OTHER_APP)
    with acting(*rehearsal.actors):
        rehearsal.install()
        assert_documents_are_refused(rehearsal)
        assert_another_repository_is_refused(rehearsal)


def assert_documents_are_refused(rehearsal: Rehearsal) -> None:
    """All of them in one commit: Argo CD refuses the sync, and names each."""
    rehearsal.repository.edit(DIST, lambda documents: [*documents, *INTRUDERS])
    rehearsal.repository.push("documents that are not the app's")
    for document in INTRUDERS:
        assert_refused(rehearsal.app, document)


def assert_another_repository_is_refused(rehearsal: Rehearsal) -> None:
    """A repository that Argo CD could read, and that holds a harmless document."""
    application = committed_application(rehearsal)
    address = application["spec"]["source"]["repoURL"].replace("railiance-apps", "another-repo")
    rehearsal.repository.git("push", "--quiet", str(rehearsal.box.serve(address)), "main")
    application["metadata"] = {"name": "another-repo", "namespace": NAMESPACE}
    application["spec"]["source"]["repoURL"] = address
    rehearsal.cluster.create(application)

    intruding = Application(rehearsal.cluster, "another-repo")
    until(
        lambda: "is not permitted in project" in intruding.conditions,
        "the other repository is refused",
        REFUSED_TIMEOUT_SECONDS,
    )
    assert not intruding.results


def committed_application(rehearsal: Rehearsal) -> Document:
    return application_in(read(rehearsal.repository.folder / ARGOCD))
