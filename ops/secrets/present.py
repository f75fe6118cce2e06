"""Which keys the cluster has; values are not looked at but for being there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ops.cluster.client import Cluster
from ops.documents.fleet import App
from ops.kinds.secret import Secret


def missing(cluster: Cluster, app: App) -> Mapping[str, Sequence[str]]:
    """The keys without a value of those that the workloads refer to, by Secret."""
    lacking = {}
    for name, keys in app.secret_keys.items():
        found = cluster.get(Secret, name, app.namespace)
        there = {key for key, value in found.data.items() if value} if found else set()
        if absent := [key for key in keys if key not in there]:
            lacking[name] = absent
    return lacking
