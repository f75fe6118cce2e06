"""Why an object did not become healthy: the last lines of its pods' logs, and their events."""

from __future__ import annotations

from collections.abc import Mapping

from ops import kinds
from ops.cluster.client import Cluster
from ops.cluster.pod_log import LogRequest
from ops.errors import ClusterError
from ops.kinds.event import Event
from ops.kinds.pod import Pod

LOG_LINES = 60
"""So many that a traceback below another one is among them."""


def describe(cluster: Cluster, kind: str, name: str, namespace: str) -> str:
    """The last lines of the newest pod's log, its state, and the last warning about it."""
    entry = kinds.by_name(kind)
    if entry is None or entry.pods is None:
        return ""
    try:
        found = cluster.get(entry.model, name, namespace)
        labels = entry.pods.labels(found) if found else {}
        return "\n".join(_of_pods(cluster, f"{kind} {namespace}/{name}", namespace, labels))
    except ClusterError as error:
        return f"(no details available: {error})"


def newest_pod(cluster: Cluster, kind: str, name: str, namespace: str) -> Pod | None:
    """The newest pod of an object; None if it has none, or if that cannot be read."""
    entry = kinds.by_name(kind)
    if entry is None or entry.pods is None:
        return None
    try:
        found = cluster.get(entry.model, name, namespace)
        labels = entry.pods.labels(found) if found else {}
        pods = cluster.all(Pod, namespace, labels) if labels else []
    except ClusterError:
        return None
    return max(pods, key=lambda pod: pod.metadata.creation_timestamp, default=None)


def _of_pods(cluster: Cluster, owner: str, namespace: str, labels: Mapping[str, str]) -> list[str]:
    pods = cluster.all(Pod, namespace, labels) if labels else []
    if not pods:
        return [f"{owner} has no pod"]
    return describe_pod(cluster, max(pods, key=lambda pod: pod.metadata.creation_timestamp))


def describe_pod(cluster: Cluster, pod: Pod) -> list[str]:
    """A pod's state, the last warning about it, and the last lines of its log."""
    told = [f"pod {pod.name}: {state_of(pod)}"]
    told += [f"  event: {text}" for text in _warnings(cluster, pod)[-1:]]
    try:
        request = LogRequest(container=_held_up_by(pod), tail_lines=LOG_LINES)
        lines = list(cluster.logs(pod, request))
    except ClusterError as error:
        return [*told, f"  (its log cannot be read: {error})"]
    return [*told, *(f"  | {line.rstrip()}" for line in lines if line.strip())]


def state_of(pod: Pod) -> str:
    """The pod's phase, and the first container that waits or has failed, with the reason.

    Those after it wait for it, and those that have succeeded are not ready either.
    """
    ended = "Completed"
    waiting = [
        f"{c.name} {c.state.reason}".strip()
        for c in pod.status.containers
        if not c.ready and c.state.reason not in ("", ended)
    ]
    return ", ".join([pod.status.phase or "unknown", *waiting[:1]])


def _held_up_by(pod: Pod) -> str | None:
    """The init container that has not ended yet; None if all have."""
    before = pod.status.init_container_statuses
    return next((container.name for container in before if not container.ready), None)


def _warnings(cluster: Cluster, pod: Pod) -> list[str]:
    return [
        f"{event.reason}: {event.message}"
        for event in cluster.all(Event, pod.namespace)
        if event.type == "Warning" and event.involved_object.name == pod.name
    ]
