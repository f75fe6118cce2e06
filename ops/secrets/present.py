"""Which keys the cluster has; values are not looked at but for being there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ops.cluster.client import Cluster
from ops.documents.fleet import App
from ops.kinds.database_role import DatabaseRole
from ops.kinds.secret import Secret
from railiance.secret_names import PASSWORD, USERNAME


def missing(cluster: Cluster, app: App) -> Mapping[str, Sequence[str]]:
    """The keys without a value, by namespace and name of the Secret.

    Those that the workloads refer to, and the credentials of a role that is declared with the app.
    """
    lacking = {}
    for namespace, name, keys in _needed(app):
        found = cluster.get(Secret, name, namespace)
        there = {key for key, value in found.data.items() if value} if found else set()
        if absent := [key for key in keys if key not in there]:
            lacking[f"{namespace}/{name}"] = absent
    return lacking


def _needed(app: App) -> Iterator[tuple[str, str, Sequence[str]]]:
    for name, keys in app.secret_keys.items():
        yield app.namespace, name, keys
    for manifest in app.manifests(DatabaseRole):
        name = manifest.typed(DatabaseRole).spec.password_secret.name
        yield manifest.namespace, name, (USERNAME, PASSWORD)
