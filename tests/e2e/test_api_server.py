"""Rehearsal 65: what the API server refuses, the gate refuses too, on thousands of documents."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx2
import pytest
from lightkube.config import client_adapter

from ops.cluster.resources import is_cluster_wide, path
from ops.gate import api_server
from ops.gate.inspection import run
from railiance.synth import synthesize
from tests import frozen
from tests.conftest import equipped, frozen_copy
from tests.e2e.mutations import Mutation, mutations
from tests.e2e.repository import read
from tests.made_up import NOTIZEN, WERKSTATT, WITH_VALKEY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ops.objects.base import Document
    from tests.e2e.cluster import Cluster
    from tests.e2e.rehearsal import Rehearsal

COUNT = 6000
AT_ONCE = 300
"""Documents in a run of the gate; its policy compares each with the others."""
SEED = 18
AS_ARGOCD = "fieldManager=argocd-controller&force=true&dryRun=All"
TOO_BUSY = (429, 503, 504)
TIMEOUT = httpx2.Timeout(30)


@pytest.mark.rehearsal(
    65, f"{COUNT} changed documents: what the API server refuses, the gate refuses"
)
def test_gate_is_no_more_lenient_than_the_api_server(
    rehearsal: Rehearsal, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    documents = rendered(tmp_path)
    for name in {document["metadata"].get("namespace") for document in documents} - {None}:
        rehearsal.cluster.create(
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        )
    tried = mutations(documents, COUNT, SEED)
    began = time.monotonic()
    refused = refusals(rehearsal.cluster, [*(Mutation("as it is", d) for d in documents), *tried])
    asked = time.monotonic()
    assert not [text for text in refused[: len(documents)] if text]
    of_server = refused[len(documents) :]
    of_gate = findings(tried, tmp_path)
    ended = time.monotonic()
    compared = list(zip(tried, of_server, of_gate, strict=True))
    bad = [one for one in compared if one[1]]
    before = sum(bool(ids - {api_server.REFUSED}) for _, _, ids in bad)
    stricter = [m for m, text, ids in compared if ids and not text]
    note = (
        f"{len(tried)} documents, {len(bad)} refused; the schemas find {before / len(bad):.0%} of"
        f" these, the gate {sum(bool(ids) for _, _, ids in bad) / len(bad):.1%}; it refuses"
        f" {len(stricter)} more; API server {asked - began:.0f} s, gate {ended - asked:.0f} s"
    )
    record_property("note", note)
    lenient = [f"{mutation}\n    {text}" for mutation, text, ids in bad if not ids]
    (tmp_path / "stricter.txt").write_text("\n".join(map(str, stricter)))
    assert not lenient, f"{note}\n" + "\n".join(lenient)


def rendered(folder: Path) -> list[Document]:
    """The documents of three apps, one of which has everything."""
    target = folder / "rendered"
    target.mkdir()
    synthesize([*frozen.APPS, NOTIZEN, WERKSTATT], WITH_VALKEY, target, None)
    return [renamed(document) for file in sorted(target.rglob("*.yaml")) for document in read(file)]


def renamed(document: Document) -> Document:
    """The document under a name that is not on the cluster."""
    if is_cluster_wide(document["kind"]):
        document["metadata"]["name"] += "-new"
    return document


def refusals(cluster: Cluster, tried: list[Mutation]) -> list[str]:
    """What the API server says against each document; empty if it would create it."""
    config = cluster.api.config
    parameters = client_adapter.ConnectionParams(timeout=TIMEOUT, trust_env=False)
    with client_adapter.Client(config, parameters) as client, ThreadPoolExecutor(4) as pool:

        def refusal(mutation: Mutation) -> str:
            answer = client.patch(
                address(mutation.document),
                content=json.dumps(mutation.document),
                headers={"Content-Type": "application/apply-patch+yaml"},
            )
            assert answer.status_code not in TOO_BUSY, f"{mutation}: {answer.text}"
            return "" if answer.is_success else str(answer.json()["message"])

        return list(pool.map(refusal, tried))


def address(document: Document) -> str:
    """Where a server-side apply sends a document."""
    metadata = document["metadata"]
    *group, plural = path(document["kind"]).split("/")
    where = ["namespaces", metadata["namespace"]] if "namespace" in metadata else []
    return f"{'/'.join([*group, *where, plural, quote(metadata['name'], safe='')])}?{AS_ARGOCD}"


def findings(tried: list[Mutation], folder: Path) -> list[set[str]]:
    """The ids of what the gate finds in each document by itself."""
    root, given = folder / "repository", folder / "given"
    for made in (root, given):
        made.mkdir()
    equipped(frozen_copy(root))
    files = [given / f"{number}.json" for number in range(len(tried))]
    for file, mutation in zip(files, tried, strict=True):
        file.write_text(json.dumps(mutation.document))
    found: list[set[str]] = [set() for _ in tried]
    for start in range(0, len(files), AT_ONCE):
        result = run(files[start : start + AT_ONCE], root, whole_repository=False)
        for finding in result.findings:
            if finding.id.startswith(("manifest.", "schema.")):
                found[int(finding.file.stem)].add(finding.id)
    return found
