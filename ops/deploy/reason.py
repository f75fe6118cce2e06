"""Why an object did not become healthy: what its pods last said, and what happened to them."""

from __future__ import annotations

from ops.cluster.door import Cluster
from ops.cluster.kinds import Document
from ops.cluster.reported import containers_of, status_of
from ops.errors import ClusterError

LOG_LINES = 60
"""So many that a traceback below another one is among them."""
PODS = {"Job": "batch.kubernetes.io/job-name", "Deployment": "app.kubernetes.io/name"}
"""The label by which the pods of a kind are found; its value is the owner's name."""


def of(cluster: Cluster, kind: str, name: str, namespace: str) -> str:
    """The last lines of the newest pod's log, its state, and the last warning about it."""
    if kind not in PODS:
        return ""
    try:
        return "\n".join(_of_pods(cluster, kind, name, namespace))
    except ClusterError as error:
        return f"(no more is known: {error})"


def _of_pods(cluster: Cluster, kind: str, name: str, namespace: str) -> list[str]:
    pods = cluster.all("Pod", namespace, {PODS[kind]: name})
    if not pods:
        return [f"{kind} {namespace}/{name} has no pod"]
    return of_pod(cluster, max(pods, key=lambda pod: str(pod["metadata"].get("creationTimestamp"))))


def of_pod(cluster: Cluster, pod: Document) -> list[str]:
    """A pod's state, the last warning about it, and the last lines of its log."""
    pod_name, namespace = pod["metadata"]["name"], pod["metadata"]["namespace"]
    said = [f"pod {pod_name}: {state_of(pod)}"]
    said += [f"  event: {text}" for text in _warnings(cluster, pod_name, namespace)[-1:]]
    try:
        lines = list(cluster.logs(pod, container=_held_up_by(pod), tail_lines=LOG_LINES))
    except ClusterError as error:
        return [*said, f"  (its log cannot be read: {error})"]
    return [*said, *(f"  | {line.rstrip()}" for line in lines if line.strip())]


def state_of(pod: Document) -> str:
    """The pod's phase, and why a container waits or has failed."""
    told = [str(status_of(pod).get("phase") or "unknown")]
    states = [
        state
        for container in containers_of(pod)
        if not container.get("ready")
        for state in (container.get("state") or {}).values()
    ]
    told += [str(state["reason"]) for state in states if state and state.get("reason")]
    return ", ".join(told)


def _held_up_by(pod: Document) -> str | None:
    """The container that has to end before the pod's own starts; None if none does any more."""
    before = status_of(pod).get("initContainerStatuses") or []
    return next((str(one["name"]) for one in before if not one.get("ready")), None)


def _warnings(cluster: Cluster, pod: str, namespace: str) -> list[str]:
    return [
        f"{event.get('reason')}: {event.get('message')}"
        for event in cluster.all("Event", namespace)
        if event.get("type") == "Warning" and event["involvedObject"].get("name") == pod
    ]
