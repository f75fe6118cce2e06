"""Reads the logs of a process's pods: once, or as they grow."""

from __future__ import annotations

import queue
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from ops.cluster.client import Cluster
from ops.cluster.pod_log import LogRequest
from ops.deploy import reason
from ops.documents.fleet import App
from ops.errors import ClusterError, OpsError
from ops.host.threads import begin
from ops.kinds.pod import Pod
from ops.logs.output import Output
from ops.logs.process import Process
from ops.logs.source import Source, sources, troubles

LOOK_AGAIN_SECONDS = 2.0
"""How often a followed process is looked at for new pods and restarted containers."""
OVER = ("Succeeded", "Failed")
"""The phases of a pod that runs no more."""


@dataclass(frozen=True, kw_only=True)
class Logs:
    """The logs of one process."""

    cluster: Cluster
    app: App
    process: Process
    since_seconds: int | None = None
    previous: bool = False

    def pods(self) -> list[Pod]:
        """The pods, oldest first."""
        found = self.cluster.all(Pod, self.app.namespace, self.process.labels)
        return sorted(found, key=lambda pod: (pod.metadata.creation_timestamp, pod.name))

    def show(self) -> None:
        """Show what is logged, pod by pod; OpsError if there is no pod, or no log of any."""
        pods = self.pods()
        if not pods:
            raise OpsError(self.absence())
        output, read = Output(with_pod=len(pods) > 1), 0
        for pod in pods:
            for trouble in troubles(pod):
                output.note(pod.name, trouble)
            for source in sources(pod, previous=self.previous):
                read += self._read(source, output)
        if not read:
            raise OpsError(self._silence(pods))

    def _read(self, source: Source, output: Output) -> bool:
        try:
            for line in self.cluster.logs(source.pod, self.request(source)):
                output.line(source, line)
        except ClusterError as error:
            output.note(source.pod.name, f"the log of {source.container} cannot be read: {error}")
            return False
        return True

    def request(self, source: Source, *, follow: bool = False) -> LogRequest:
        """What is asked for of a container."""
        return LogRequest(
            container=source.container,
            follow=follow,
            previous=self.previous,
            since_seconds=self.since_seconds,
        )

    def absence(self) -> str:
        """Why there is no pod."""
        made_by = self.process.manifest
        if made_by is None:
            return f"{self.app.name} has no Job of `ops manage`, which is kept for a day"
        live = self.cluster.live(made_by)
        if live is None:
            return f"there is no {made_by}; `ops deploy --app {self.app.name}` creates it"
        health = live.health.message
        why = f": {health}" if health else ""
        return f"{made_by} has no pod{why}; see `ops status --app {self.app.name}`"

    def _silence(self, pods: Sequence[Pod]) -> str:
        if self.previous:
            return f"no container of {self.process.component} was restarted; leave out --previous"
        states = "; ".join(f"{pod.name}: {reason.state_of(pod)}" for pod in pods)
        return f"no container of {self.process.component} has a log yet ({states})"


@dataclass
class Following:
    """The logs of a process's pods as they grow, also of pods and restarts to come."""

    logs: Logs
    output: Output = field(default_factory=Output)
    lines: queue.Queue[tuple[Source, str | None]] = field(default_factory=queue.Queue)
    """A line of a log, or None at its end."""
    begun: set[tuple[str, str, int]] = field(default_factory=set)
    open: int = 0
    noted: set[tuple[str, str]] = field(default_factory=set)

    def run(self) -> None:
        """Show each line until Ctrl-C, or until all pods of a Job have ended."""
        looked = 0.0
        while True:
            if time.monotonic() - looked > LOOK_AGAIN_SECONDS:
                looked = time.monotonic()
                is_over = self._look()
                if is_over and not self.open and self.lines.empty():
                    return
            self._show_next()

    def _look(self) -> bool:
        """Begin to read what is new; whether all pods have ended."""
        pods = self.logs.pods()
        self.output.with_pod |= len(pods) > 1
        if not pods:
            self._note("", self.logs.absence())
        for pod in pods:
            for trouble in troubles(pod):
                self._note(pod.name, trouble)
            for source in sources(pod, previous=False):
                self._begin(source)
        return bool(pods) and all(pod.status.phase in OVER for pod in pods)

    def _note(self, pod: str, text: str) -> None:
        """Says it once."""
        if (pod, text) not in self.noted:
            self.noted.add((pod, text))
            self.output.note(pod, text)

    def _begin(self, source: Source) -> None:
        key = (source.pod.name, source.container, source.run)
        if key in self.begun:
            return
        self.begun.add(key)
        self.open += 1
        begin(lambda: self._read(source))

    def _read(self, source: Source) -> None:
        try:
            for line in self.logs.cluster.logs(source.pod, self.logs.request(source, follow=True)):
                self.lines.put((source, line))
        except ClusterError as error:
            self.lines.put((source, f"(the log cannot be read: {error})"))
        finally:
            self.lines.put((source, None))

    def _show_next(self) -> None:
        try:
            source, line = self.lines.get(timeout=LOOK_AGAIN_SECONDS)
        except queue.Empty:
            return
        if line is None:
            self.open -= 1
        else:
            self.output.line(source, line)
