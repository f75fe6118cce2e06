"""Rehearsal 73: a kind that ops does not list, but an app's own file brings up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ops.cluster.door import Cluster
from ops.errors import ClusterError

if TYPE_CHECKING:
    from tests.e2e.rehearsal import Rehearsal


def budget(**spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": "unlisted", "namespace": "default"},
        "spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "unlisted"}}, **spec},
    }


@pytest.mark.rehearsal(73, "a kind that ops does not list is read and applied as the cluster says")
def test_kind_that_is_not_listed_is_read_and_applied(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(rehearsal.box.kubeconfig))
    cluster = Cluster.open()
    assert cluster.live(budget()) is None
    cluster.apply(budget(minAvailable=2), dry_run=True)
    assert cluster.live(budget()) is None
    cluster.apply(budget(minAvailable=2))
    live = cluster.live(budget())
    assert live
    assert live["spec"]["minAvailable"] == 2
    cluster.delete(live)
    with pytest.raises(ClusterError, match=r"does not serve example\.org/v1 Nothing"):
        cluster.live({**budget(), "apiVersion": "example.org/v1", "kind": "Nothing"})
