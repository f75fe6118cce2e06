"""What the app's pods have logged since the visit began."""

import time
from collections.abc import Iterator

from ops.cluster.client import Cluster
from ops.cluster.pod_log import LogRequest
from ops.documents.fleet import App
from ops.kinds.pod import Pod
from ops.smoke.visit import Logs


def since_now(cluster: Cluster, app: App) -> Logs:
    """Reads, when called, what the web pods have logged from this moment on."""
    began = time.monotonic()

    def lines() -> Iterator[str]:
        seconds = int(time.monotonic() - began) + 1
        for pod in cluster.all(Pod, app.namespace, app.web.labels):
            yield from cluster.logs(pod, LogRequest(since_seconds=seconds))

    return lines
