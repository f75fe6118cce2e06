"""Rehearsal 14: what the API server makes of other people's apps, and of each of their pods."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from tests.conftest import rendered
from tests.e2e.repository import FOLDERS, read
from tests.made_up import WITH_VALKEY
from tests.others import APPS

if TYPE_CHECKING:
    from ops.objects.base import Document
    from tests.e2e.rehearsal import Rehearsal

APPLY = ("apply", "--server-side", "--validate=strict", "--field-manager=rehearsal")
NEEDED = frozenset({"Namespace", "ServiceAccount"})
"""What must be there before the API server judges the rest."""


@pytest.mark.rehearsal(14, "the documents and pods of other people's apps are accepted, strictly")
def test_documents_and_pods_are_accepted(rehearsal: Rehearsal) -> None:
    folder = rendered(APPS, rehearsal.repository.folder, platform=WITH_VALKEY)
    documents = [d for name in FOLDERS for file in (folder / name).iterdir() for d in read(file)]
    apply(rehearsal, [document for document in documents if document["kind"] in NEEDED])
    pods = [pod for document in documents if (pod := pod_of(document))]
    assert len(pods) >= 3 * len(APPS)
    apply(rehearsal, [*documents, *pods], "--dry-run=server")


def apply(rehearsal: Rehearsal, documents: list[Document], *how: str) -> None:
    stdin = yaml.safe_dump_all(sorted(documents, key=lambda d: d["kind"] not in NEEDED))
    rehearsal.cluster.kubectl(*APPLY, *how, "--filename=-", stdin=stdin)


def pod_of(document: Document) -> Document | None:
    """The pod that a workload would create; Pod Security judges pods, not workloads."""
    spec = document.get("spec", {})
    template = spec.get("jobTemplate", {}).get("spec", spec).get("template")
    if not isinstance(template, dict) or "metadata" not in template:
        return None
    restart = {"restartPolicy": template["spec"].get("restartPolicy", "Always")}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": f"{document['metadata']['name']}-pod",
            "namespace": document["metadata"]["namespace"],
            "labels": template["metadata"]["labels"],
        },
        "spec": {**template["spec"], **restart},
    }
