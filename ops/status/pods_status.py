"""The web pods: which image they run, and how they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ops.documents.fleet import App
from ops.kinds.deployment import Deployment
from ops.kinds.pod import Pod
from ops.objects.times import moment
from ops.results.result import Result, State
from ops.status.absence import absent
from ops.status.argocd_status import is_syncing
from ops.status.reading import Live

STARTING = ("", "ContainerCreating", "PodInitializing")
"""Reasons for which a container waits that are no failure."""


def image(app: App, live: Live) -> Result:
    """The image that runs against the one in dist/."""
    pods = [pod for pod in live.pods("web") if not is_over(pod)]
    running = sorted({container.image for pod in pods for container in pod.spec.containers[:1]})
    facts = {"rendered": app.image, "running": running}
    if running == [app.image]:
        state, evidence = State.OK, f"{short(app.image)} runs, as rendered"
    elif not running:
        state = State.IN_PROGRESS if is_syncing(app, live) else State.FAILED
        evidence = f"no pod runs; rendered is {short(app.image)}"
    else:
        others = ", ".join(short(reference) for reference in running)
        evidence = f"{others} runs; rendered is {short(app.image)}"
        deployment = live.typed(Deployment, app.web.manifest)
        rolling = app.image in running and deployment is not None and is_rolling(deployment)
        state = State.IN_PROGRESS if rolling or is_syncing(app, live) else State.FAILED
    return Result(id="image", state=state, evidence=evidence, facts=facts)


def short(reference: str) -> str:
    """The tag and the beginning of the digest, which is what people compare."""
    name, _, digest = reference.rpartition("/")[2].partition("@")
    return f"{name}@{digest[:19]}" if digest else name


def pods(app: App, live: Live) -> Result:
    """How many web pods are ready, and what is wrong with those that are not."""
    deployment = live.typed(Deployment, app.web.manifest)
    if deployment is None:
        return absent("pods", app.web.manifest, app, live)
    wanted, ready = deployment.spec.replicas, deployment.status.ready_replicas
    found = live.pods("web")
    restarts = sum(pod.restarts for pod in found)
    return Result(
        id="pods",
        state=rollout_state(deployment, found),
        evidence=f"{ready} of {wanted} ready, {restarts} restarts",
        details=[pod_line(pod) for pod in found],
        facts={"ready": ready, "wanted": wanted, "restarts": restarts, "pods": pod_facts(found)},
    )


def rollout_state(deployment: Deployment, found: list[Pod]) -> State:
    """Whether a Deployment has the pods that it wants, and none that fails."""
    wanted, ready = deployment.spec.replicas, deployment.status.ready_replicas
    if any(problem for pod in found if not is_over(pod) for problem in _problems(pod)):
        return State.FAILED
    if deployment.status.condition("Progressing").status == "False":
        return State.FAILED
    if is_rolling(deployment):
        return State.IN_PROGRESS
    return State.OK if ready >= wanted > 0 else State.FAILED


def is_rolling(deployment: Deployment) -> bool:
    """Whether the Deployment replaces its pods, or makes its first."""
    status = deployment.status
    seen = status.observed_generation == deployment.metadata.generation
    progressing = status.condition("Progressing")
    done = progressing.reason == "NewReplicaSetAvailable"
    return not seen or (progressing.status == "True" and not done)


def is_over(pod: Pod) -> bool:
    """Whether the pod is being deleted, or has succeeded."""
    return pod.is_going or pod.status.phase == "Succeeded"


def _problems(pod: Pod) -> Iterator[str]:
    """What keeps a pod from serving, in Kubernetes' own words."""
    status = pod.status
    if status.phase == "Failed":
        yield f"{status.reason or 'Failed'}: {status.message}"
    scheduled = status.condition("PodScheduled")
    if scheduled.status == "False":
        yield f"{scheduled.reason}: {scheduled.message}"
    for container in status.containers:
        waiting = container.state.waiting
        if waiting and waiting.reason not in STARTING:
            yield f"{waiting.reason}: {waiting.message}"


def pod_line(pod: Pod) -> str:
    """A pod's name, whether it is ready, its restarts, what is wrong, how it ended last."""
    parts = [_readiness(pod), f"{pod.restarts} restarts", *_problems(pod), *_ends(pod)]
    return f"{pod.name}: {', '.join(part.rstrip(': ') for part in parts)}"


def _readiness(pod: Pod) -> str:
    if pod.is_going:
        return "terminating"
    if pod.is_ready:
        return "ready"
    before = pod.status.init_container_statuses
    running = [f"{container.name} runs" for container in before if container.state.running]
    return ", ".join([pod.status.phase or "Unknown", "not ready", *running])


def _ends(pod: Pod) -> Iterator[str]:
    for container in pod.status.containers:
        if ended := container.last_state.terminated:
            when = f" at {ended.finished_at}" if moment(ended.finished_at) else ""
            yield f"last end {ended.reason or 'ended'} (exit code {ended.exit_code}){when}"


def pod_facts(found: list[Pod]) -> list[dict[str, Any]]:
    """The state of each pod, for a machine."""
    return [
        {
            "name": pod.name,
            "ready": pod.is_ready,
            "restarts": pod.restarts,
            "problems": list(_problems(pod)),
        }
        for pod in found
    ]
