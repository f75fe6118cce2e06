"""The containers of a pod whose log is of interest, and what is to be said of the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ops.kinds.pod import ContainerStatus, Pod
from railiance.annotations import COMPONENT

MIGRATE = "migrate"
"""The component of the migrate Job, whose init containers are the steps of an upgrade."""


@dataclass(frozen=True)
class Source:
    """The log of one run of a container."""

    pod: Pod
    container: str
    run: int
    """How often the container had been restarted before."""


def sources(pod: Pod, *, previous: bool) -> list[Source]:
    """The main containers that have run, and each init container that runs or has failed.

    Of a migration every step that has run. With ``previous`` those that had run before their last
    restart.
    """
    inits, mains = pod.status.init_container_statuses, pod.status.container_statuses
    is_of_interest = _has_run if pod.metadata.labels.get(COMPONENT) == MIGRATE else _is_held_up
    if previous:
        found = [one for one in pod.status.containers if one.last_state.terminated]
    else:
        found = [*filter(is_of_interest, inits), *filter(_has_run, mains)]
    return [Source(pod, one.name, one.restart_count) for one in found]


def _has_run(container: ContainerStatus) -> bool:
    return not container.state.waiting or container.last_state.terminated is not None


def _is_held_up(container: ContainerStatus) -> bool:
    """Whether an init container runs, or the last time that it ended it failed."""
    ended = container.state.terminated or container.last_state.terminated
    return container.state.running is not None or bool(ended and ended.exit_code)


def troubles(pod: Pod) -> Iterator[str]:
    """What a reader of the log should know: why a container waits, and how it ended last."""
    if pod.status.phase == "Failed" and pod.status.reason:
        yield f"{pod.status.reason}: {pod.status.message}"
    scheduled = pod.status.condition("PodScheduled")
    if scheduled.status == "False":
        yield f"{scheduled.reason}: {scheduled.message}"
    for container in pod.status.containers:
        waiting, last = container.state.waiting, container.last_state.terminated
        if waiting:
            yield f"{container.name} waits: {waiting.reason}: {waiting.message}".rstrip(": ")
        if last:
            how = f"{last.reason or 'ended'}, exit code {last.exit_code}"
            yield (
                f"{container.name} was restarted {container.restart_count} times, the last time "
                f"after {how}; --previous shows the log before"
            )
