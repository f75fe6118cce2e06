"""Documents that a project does not allow, and how Argo CD refuses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from box.poll import until

if TYPE_CHECKING:
    from ops.objects.base import Document
    from tests.e2e.argocd import Application

NAME = "intruder"
REFUSED_TIMEOUT_SECONDS = 60.0


def intruder(
    api_version: str, kind: str, namespace: str | None = None, **content: object
) -> Document:
    """A document of that kind."""
    metadata = {"name": NAME} | ({"namespace": namespace} if namespace else {})
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **content}


def assert_refused(application: Application, document: Document) -> None:
    """Argo CD does not apply the document, and its reason is the Application's project."""
    kind, metadata = document["kind"], document["metadata"]
    until(
        lambda: bool(refusals(application, document)),
        f"{kind} is refused",
        REFUSED_TIMEOUT_SECONDS,
    )
    found = application.cluster.get(kind, metadata["name"], metadata.get("namespace"))
    assert found is None, f"{kind} was created"


def refusals(application: Application, document: Document) -> list[str]:
    """The messages with which the project refuses a document in the last sync."""
    application.refresh()
    return [
        result["message"]
        for result in application.results
        if (result["kind"], result["name"]) == (document["kind"], document["metadata"]["name"])
        and result["status"] == "SyncFailed"
        and "not permitted in project" in result["message"]
    ]
