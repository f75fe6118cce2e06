"""Pods of a rollout that do not come up, found long before their Deployment gives up on them."""

from __future__ import annotations

from dataclasses import dataclass

from ops.cluster.client import Cluster
from ops.documents.fleet import App
from ops.documents.workload import Workload
from ops.kinds.deployment import Deployment
from ops.kinds.pod import ContainerStatus, Pod
from ops.kinds.stateful_set import StatefulSet
from railiance.annotations import NAME

MOST_CRASHES = 2
"""A container that ends once more is not about to come up."""
HOPELESS = ("ImagePullBackOff", "InvalidImageName", "CreateContainerConfigError")
"""What a container waits for in vain. Source: Kubernetes, kubelet/images."""


@dataclass(frozen=True)
class StuckPod:
    """A pod that does not come up, and what makes it."""

    pod: Pod
    workload: Workload

    @property
    def is_as_rendered(self) -> bool:
        """Whether it is of what is rendered, as far as its images and annotations show."""
        images = {container.name: container.image for container in self.pod.spec.all_containers}
        wanted = {container.name: container.image for container in self.workload.containers}
        stated = self.workload.annotations.items()
        return images == wanted and stated <= self.pod.metadata.annotations.items()


def pods_of(cluster: Cluster, app: App, since: str) -> list[StuckPod]:
    """The pods of web, workers and Valkey made since then that crash or cannot be started.

    `since` is a time as Kubernetes writes it; an older pod may be what this deploy replaces. A
    schedule's runs do not count, nor does the migration, which ends by itself.
    """
    pods = cluster.all(Pod, app.namespace, {NAME: app.name})
    found = [pod for pod in pods if is_new(pod, since) and is_stuck(pod)]
    return [
        StuckPod(pod, workload)
        for pod in found
        for workload in _long_running(app)
        if workload.labels.items() <= pod.metadata.labels.items()
    ]


def _long_running(app: App) -> list[Workload]:
    """The web Deployment first."""
    found = [m for model in (Deployment, StatefulSet) for m in app.manifests(model)]
    return [app.web, *(Workload(m) for m in found if m is not app.web.manifest)]


def is_new(pod: Pod, since: str) -> bool:
    """Whether it was made since then, and is not being deleted."""
    return pod.metadata.creation_timestamp >= since and not pod.is_going


def is_stuck(pod: Pod) -> bool:
    """Whether one of its containers has ended too often, or waits for what will not come."""
    return any(_is_hopeless(c) for c in pod.status.containers if not c.ready)


def _is_hopeless(container: ContainerStatus) -> bool:
    waiting = container.state.waiting
    return container.restart_count > MOST_CRASHES or bool(waiting and waiting.reason in HOPELESS)
