"""Jobs that run a command of the app's manage.py, made from the rendered migrate Job."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import click

from ops.cluster.client import Cluster
from ops.cluster.live_object import read
from ops.cluster.pod_log import LogRequest
from ops.cluster.waiting import NotYetError, until
from ops.deploy import reason
from ops.documents.fleet import App
from ops.errors import AbortedError, ClusterError, OpsError
from ops.kinds.description.health import Health, State
from ops.kinds.job import JOB_NAME, Job, health
from ops.kinds.pod import Pod
from ops.manage.command_receipt import Record
from ops.objects.base import Document
from railiance.annotations import ARGOCD, COMPONENT

KEPT_SECONDS = 24 * 3600
"""How long a finished Job and its log are kept."""
MARGIN_SECONDS = 60
STARTED = ("Running", "Succeeded", "Failed")
"""The phases of a pod whose main container has a log."""

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class ManageCommand:
    """A command of manage.py, as a Job beside the app's pods."""

    app: App
    verb: str
    """Names the Job and its component."""
    arguments: Sequence[str]
    timeout_seconds: int | None = None
    """By default that of the migrate Job."""
    secret: str = ""
    """A Secret in the app's namespace whose keys are added to the environment."""
    image: str = ""
    """By default that of the migrate Job."""

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
        if self.timeout_seconds:
            spec["activeDeadlineSeconds"] = self.timeout_seconds
        pod = spec["template"]["spec"]
        pod.pop("initContainers", None)  # the migration, if upgrade steps follow it
        container = pod["containers"][0]
        container["command"] = self.app.launcher.run(*self.arguments)
        container["name"] = self.verb
        if self.image:
            container["image"] = self.image
        if self.secret:
            container["envFrom"] = [{"secretRef": {"name": self.secret}}]
        return content


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a Job ended."""

    exit_code: int
    """That of its container; 1 if it ended otherwise, for instance by its deadline."""
    why: str = ""
    """Why it failed; empty if it succeeded."""
    unread: str = ""
    """Why its log was not shown; empty if it was."""


def run(
    cluster: Cluster, job: Document, say: Say, guard: AbstractContextManager[None] | None = None
) -> Ended:
    """Create a Job and show its log until it has ended; OpsError if it fails.

    The guard is held while the Job is created.
    """
    with guard or nullcontext():
        made = create(cluster, job, say)
    ended = follow(cluster, made, say)
    if ended.why:
        raise OpsError(ended.why)
    return ended


def finish(
    cluster: Cluster,
    job: Document,
    record: Record,
    say: Say,
    guard: AbstractContextManager[None] | None = None,
) -> None:
    """Create a Job, show its log until it has ended, and record how; a failure is shown.

    The guard is held while the Job is created.
    """
    with guard or nullcontext():
        made = create(cluster, job, say)
    record.where = f"Job {made.name}"
    ended = follow(cluster, made, say)
    record.exit_code = ended.exit_code
    if ended.why:
        click.echo(f"error: {ended.why}", err=True)


def create(cluster: Cluster, job: Document, say: Say) -> Job:
    """Create a Job."""
    made = read(Job, cluster.create(job))
    say(f"Job {made.namespace}/{made.name}")
    return made


def follow(cluster: Cluster, made: Job, say: Say) -> Ended:
    """Show a Job's log until it has ended.

    Raises OpsError if it does not end within its own deadline; AbortedError after Ctrl-C, which
    leaves the Job to end by itself.
    """
    seconds = (made.spec.active_deadline_seconds or KEPT_SECONDS) + MARGIN_SECONDS
    logs = _Logs(cluster, made, say)
    try:
        ended = until(lambda: _ended(cluster, made, logs), seconds)
    except KeyboardInterrupt as error:
        stop = f"kubectl --namespace {made.namespace} delete job {made.name}"
        raise AbortedError(
            f"interrupted; Job {made.namespace}/{made.name} goes on; `{stop}` stops it"
        ) from error
    if ended.state is not State.DEGRADED:
        unread = logs.unread or ("" if logs.shown else "it had no pod whose log could be read")
        return Ended(exit_code=0, unread=unread)
    why = f"Job {made.namespace}/{made.name} failed: {ended.message}"
    if not logs.shown:
        why = f"{why}\n{reason.describe(cluster, 'Job', made.name, made.namespace)}".rstrip()
    return Ended(exit_code=logs.exit_code() or 1, why=why)


@dataclass
class _Logs:
    """The logs of a Job's pods, of which there are several if the first one fails."""

    cluster: Cluster
    job: Job
    say: Say
    shown: set[str] = field(default_factory=set)
    waits: str = ""
    unread: str = ""
    """Why the log of a pod could not be read."""

    def show(self) -> None:
        """Show the log of each pod that has begun and is not shown yet, until it ends."""
        for pod in self._pods():
            if pod.name in self.shown:
                continue
            if pod.status.phase in STARTED:
                self.shown.add(pod.name)
                self._show(pod)
            elif self.waits != (state := reason.state_of(pod)):
                self.waits = state
                self.say(f"pod {pod.name}: {state}")

    def exit_code(self) -> int:
        """That of the newest pod's main container; 0 if it has none."""
        for pod in reversed(self._pods()):
            for container in pod.status.container_statuses:
                if ended := container.state.terminated:
                    return ended.exit_code
        return 0

    def _pods(self) -> list[Pod]:
        labels = {JOB_NAME: self.job.name}
        pods = self.cluster.all(Pod, self.job.namespace, labels)
        return sorted(pods, key=lambda pod: pod.metadata.creation_timestamp)

    def _show(self, pod: Pod) -> None:
        try:
            for line in self.cluster.logs(pod, LogRequest(follow=True)):
                self.say(line.rstrip("\n"))
        except ClusterError as error:
            self.unread = str(error)
            self.say(f"(its log cannot be read: {error})")


def _ended(cluster: Cluster, made: Job, logs: _Logs) -> Health:
    logs.show()
    name, namespace = made.name, made.namespace
    found = cluster.get(Job, name, namespace)
    if found is None:
        raise OpsError(f"Job {namespace}/{name} was deleted while it was awaited")
    ended = health(found)
    if ended.state is State.PROGRESSING:
        raise NotYetError(f"Job {namespace}/{name} has not ended: {ended.message}")
    logs.show()
    return ended
