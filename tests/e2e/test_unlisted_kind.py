"""Rehearsal 73: a kind without an entry, which an app's own file renders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ops.cluster.client import Cluster
from ops.documents.manifest import Manifest
from ops.errors import ClusterError

if TYPE_CHECKING:
    from tests.e2e.rehearsal import Rehearsal


def revision(number: int = 1, **fields: Any) -> Manifest:
    content = {
        "apiVersion": "apps/v1",
        "kind": "ControllerRevision",
        "metadata": {"name": "unlisted", "namespace": "default"},
        "data": {},
        "revision": number,
    }
    return Manifest(Path("dist/app.k8s.yaml"), 1, {**content, **fields})


@pytest.mark.rehearsal(73, "a kind that ops does not list is read and applied as the cluster says")
def test_kind_that_is_not_listed_is_read_and_applied(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(rehearsal.box.kubeconfig))
    cluster = Cluster.open()
    assert cluster.live(revision()) is None
    cluster.apply(revision(2).content, dry_run=True)
    assert cluster.live(revision()) is None
    cluster.apply(revision(2).content)
    live = cluster.live(revision())
    assert live
    assert live.content["revision"] == 2
    rehearsal.cluster.kubectl("delete", "controllerrevision", "unlisted", "--namespace=default")
    with pytest.raises(ClusterError, match=r"does not serve example\.org/v1 Nothing"):
        cluster.live(revision(apiVersion="example.org/v1", kind="Nothing"))
