"""Pods of a roll that do not come up, told long before their Deployment gives up on them."""

from __future__ import annotations

from ops.cluster.door import Cluster
from ops.cluster.kinds import Document
from ops.cluster.reported import containers_of
from ops.rendered import App
from ops.workload import Workload, containers

MOST_CRASHES = 2
"""A container that ends once more is not about to come up."""
HOPELESS = ("ImagePullBackOff", "InvalidImageName", "CreateContainerConfigError")
"""What a container waits for that waiting does not bring. Source: Kubernetes, kubelet/images."""


def pods_of(cluster: Cluster, app: App, since: str) -> list[Document]:
    """The web pods made since then that crash or cannot be started.

    `since` is a time as Kubernetes writes it; an older pod may be what this deploy replaces.
    """
    pods = cluster.all("Pod", app.namespace, app.web.labels)
    return [pod for pod in pods if is_new(pod, since) and is_stuck(pod)]


def is_made_of(pod: Document, web: Workload) -> bool:
    """Whether a pod is of what is rendered, as far as its images and annotations tell."""
    images = {container["name"]: container["image"] for container in containers(pod["spec"])}
    wanted = {container["name"]: container["image"] for container in web.containers}
    annotations = pod["metadata"].get("annotations") or {}
    return images == wanted and web.annotations.items() <= annotations.items()


def is_new(pod: Document, since: str) -> bool:
    """Whether it was made since then, and is not about to go."""
    metadata = pod["metadata"]
    return str(metadata["creationTimestamp"]) >= since and "deletionTimestamp" not in metadata


def is_stuck(pod: Document) -> bool:
    """Whether one of its containers has ended too often, or waits for what will not come."""
    return any(
        container.get("restartCount", 0) > MOST_CRASHES
        or ((container.get("state") or {}).get("waiting") or {}).get("reason") in HOPELESS
        for container in containers_of(pod)
        if not container.get("ready")
    )
