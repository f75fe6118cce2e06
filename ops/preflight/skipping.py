"""The deploy that skips checks, as one command to paste."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from ops.cluster.client import Cluster
from ops.documents.fleet import App
from railiance.platform import Platform


def skipping(
    cluster: Cluster,
    platform: Platform,
    app: App,
    checks: Iterable[str],
    *,
    is_direct: bool = False,
) -> str:
    """`ops deploy` of this app on this cluster, without these checks."""
    words = ["ops", "deploy", "--app", app.name, "--context", cluster.context]
    if cluster.context != platform.name:
        words += ["--confirm-context", cluster.context]
    words += ["--direct"] if is_direct else []
    for check in checks:
        words += ["--skip", check]
    return shlex.join(words)
