"""Pods of a rollout that do not come up, found long before their Deployment gives up on them."""

from __future__ import annotations

from ops.cluster.client import Cluster
from ops.documents.fleet import App
from ops.documents.workload import Workload
from ops.kinds.pod import ContainerStatus, Pod

MOST_CRASHES = 2
"""A container that ends once more is not about to come up."""
HOPELESS = ("ImagePullBackOff", "InvalidImageName", "CreateContainerConfigError")
"""What a container waits for in vain. Source: Kubernetes, kubelet/images."""


def pods_of(cluster: Cluster, app: App, since: str) -> list[Pod]:
    """The web pods made since then that crash or cannot be started.

    `since` is a time as Kubernetes writes it; an older pod may be what this deploy replaces.
    """
    pods = cluster.all(Pod, app.namespace, app.web.labels)
    return [pod for pod in pods if is_new(pod, since) and is_stuck(pod)]


def is_made_of(pod: Pod, web: Workload) -> bool:
    """Whether a pod is of what is rendered, as far as its images and annotations show."""
    images = {container.name: container.image for container in pod.spec.all_containers}
    wanted = {container.name: container.image for container in web.containers}
    return images == wanted and web.annotations.items() <= pod.metadata.annotations.items()


def is_new(pod: Pod, since: str) -> bool:
    """Whether it was made since then, and is not being deleted."""
    return pod.metadata.creation_timestamp >= since and not pod.is_going


def is_stuck(pod: Pod) -> bool:
    """Whether one of its containers has ended too often, or waits for what will not come."""
    return any(_is_hopeless(c) for c in pod.status.containers if not c.ready)


def _is_hopeless(container: ContainerStatus) -> bool:
    waiting = container.state.waiting
    return container.restart_count > MOST_CRASHES or bool(waiting and waiting.reason in HOPELESS)
