"""Reads and writes objects of a local cluster by kind and name; documents are plain dicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lightkube import ApiError
from lightkube.types import PatchType

from box import cluster
from ops.cluster.resources import Resource, is_cluster_wide, resource

if TYPE_CHECKING:
    from pathlib import Path

    from ops.objects.base import Document


class Objects:
    """The objects of one cluster."""

    def __init__(self, kubeconfig: Path) -> None:
        self.kubeconfig = kubeconfig
        self.api = cluster.client(kubeconfig)

    def get(self, kind: str, name: str, namespace: str | None = None) -> Document | None:
        """The document, or None if there is none."""
        try:
            return dict(self.api.get(resource(kind), name, namespace=namespace))
        except ApiError as error:
            if error.status.reason != "NotFound":
                raise
            return None

    def all(self, kind: str) -> list[Document]:
        """Every document of a kind, in all namespaces."""
        where: dict[str, Any] = {} if is_cluster_wide(kind) else {"namespace": "*"}
        # A list names the kind once, its items do not.
        return [{**item, "kind": kind} for item in self.api.list(resource(kind), **where)]

    def create(self, document: Document) -> None:
        """Create a document; one that is there already is left as it is."""
        try:
            self.api.create(resource(document["kind"]).from_dict(document))
        except ApiError as error:
            if error.status.reason != "AlreadyExists":
                raise

    def patch(self, document: Document, changes: Document) -> None:
        """Merge changes into a document."""
        self._patch(resource(document["kind"]), document, changes)

    def patch_status(self, document: Document, status: Document) -> None:
        """Write a document's status, as its controller does."""
        status_resource = resource(document["kind"]).Status
        self._patch(status_resource, document, {"status": status})

    def _patch(self, of_kind: Resource, document: Document, changes: Document) -> None:
        metadata = document["metadata"]
        self.api.patch(
            of_kind,
            metadata["name"],
            changes,
            namespace=metadata.get("namespace"),
            patch_type=PatchType.MERGE,
        )
