"""Jobs that run a command of the app's manage.py, made from the rendered migrate Job."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ops.cluster.client import Cluster
from ops.cluster.live_object import read
from ops.cluster.waiting import NotYetError, until
from ops.deploy import reason
from ops.documents.fleet import App
from ops.errors import ClusterError, OpsError
from ops.kinds.description.health import Health, State
from ops.kinds.job import JOB_NAME, Job, health
from ops.kinds.pod import Pod
from ops.objects.base import Document
from railiance.annotations import ARGOCD, COMPONENT

KEPT_SECONDS = 24 * 3600
"""How long a finished Job and its log are kept."""
MARGIN_SECONDS = 60

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class ManageCommand:
    """A command of manage.py, as a Job beside the app's pods."""

    app: App
    verb: str
    """Names the Job and its component."""
    arguments: Sequence[str]
    password_secret: str = ""
    """A Secret in the app's namespace whose keys are added to the environment."""

    def job(self) -> Document:
        """The Job: image, environment, rights and limits of the migrate Job; one attempt only."""
        rendered = self.app.migrate.manifest
        content: dict[str, Any] = copy.deepcopy(rendered.content)
        metadata, spec = content["metadata"], content["spec"]
        started = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
        metadata["name"] = f"{self.app.name[:35]}-{self.verb}-{started}"
        annotations = rendered.annotations
        metadata["annotations"] = {k: v for k, v in annotations.items() if ARGOCD not in k}
        for labels in (metadata["labels"], spec["template"]["metadata"]["labels"]):
            labels[COMPONENT] = self.verb
        spec |= {"backoffLimit": 0, "ttlSecondsAfterFinished": KEPT_SECONDS}
        pod = spec["template"]["spec"]
        pod.pop("initContainers", None)  # the migration, if upgrade steps follow it
        container = pod["containers"][0]
        container["command"] = self.app.launcher.run(*self.arguments)
        container["name"] = self.verb
        if self.password_secret:
            container["envFrom"] = [{"secretRef": {"name": self.password_secret}}]
        return content


def run(cluster: Cluster, job: Document, say: Say) -> None:
    """Create a Job and show its log until it has ended.

    An interruption leaves the Job to end by itself. Raises OpsError if it fails, or does not end
    within its own deadline.
    """
    made = read(Job, cluster.create(job))
    name, namespace = made.name, made.namespace
    say(f"Job {namespace}/{name}")
    seconds = (made.spec.active_deadline_seconds or KEPT_SECONDS) + MARGIN_SECONDS
    pod = until(lambda: _started(cluster, name, namespace), seconds)
    if pod:
        _show_log(cluster, pod, say)
    ended = until(lambda: _ended(cluster, name, namespace), seconds)
    if ended.state is State.DEGRADED:
        why = reason.describe(cluster, "Job", name, namespace)
        raise OpsError(f"Job {namespace}/{name} failed: {ended.message}\n{why}".rstrip())


def _started(cluster: Cluster, name: str, namespace: str) -> Pod | None:
    """The Job's pod once it runs or has run; None if the Job ended without one."""
    for pod in cluster.all(Pod, namespace, {JOB_NAME: name}):
        if pod.status.phase in {"Running", "Succeeded", "Failed"}:
            return pod
    _ended(cluster, name, namespace)
    return None


def _ended(cluster: Cluster, name: str, namespace: str) -> Health:
    found = cluster.get(Job, name, namespace)
    if found is None:
        raise OpsError(f"Job {namespace}/{name} was deleted while it was awaited")
    ended = health(found)
    if ended.state is State.PROGRESSING:
        raise NotYetError(f"Job {namespace}/{name} has not ended: {ended.message}")
    return ended


def _show_log(cluster: Cluster, pod: Pod, say: Say) -> None:
    try:
        for line in cluster.logs(pod, follow=True):
            say(line.rstrip("\n"))
    except ClusterError as error:
        say(f"(its log cannot be read: {error})")
