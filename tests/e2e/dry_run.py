"""Documents applied as Argo CD applies them, or as in the dry run by which it compares."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ops.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ops.objects.base import Document
    from tests.e2e.cluster import Cluster

AS_ARGOCD = ("--server-side", "--force-conflicts", "--field-manager=argocd-controller")
NAMESPACE = "refusals"
DRY = ("--dry-run=server",)


def apply(cluster: Cluster, *documents: Document, how: Sequence[str] = ()) -> None:
    """Apply documents; those that name no namespace into one of their own."""
    cluster.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}})
    _each(cluster, documents, "apply", *AS_ARGOCD, *how)


def refusal(cluster: Cluster, document: Document) -> str:
    """What the API server says against a document; empty if it would take it."""
    try:
        apply(cluster, document, how=DRY)
    except CommandError as error:
        return error.output
    return ""


def delete(cluster: Cluster, *documents: Document) -> None:
    """Delete documents of which some may not be there."""
    _each(cluster, documents, "delete", "--ignore-not-found", "--wait=false")


def _each(cluster: Cluster, documents: Sequence[Document], *arguments: str) -> None:
    """Run kubectl on documents without a namespace, Namespaces among them, then on the others."""
    homeless = [d for d in documents if "namespace" not in d["metadata"]]
    others = [d for d in documents if "namespace" in d["metadata"]]
    for group, where in ((homeless, [f"--namespace={NAMESPACE}"]), (others, [])):
        if group:
            stdin = "\n---\n".join(map(json.dumps, group))
            cluster.kubectl(*arguments, *where, "--filename=-", stdin=stdin)
