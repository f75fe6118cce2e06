"""The workers: which image they run, and how they are."""

from __future__ import annotations

from typing import Any

from ops.documents.fleet import App
from ops.documents.manifest import Manifest
from ops.documents.workload import Workload
from ops.kinds.deployment import Deployment
from ops.results.result import Result, State
from ops.status.absence import absent
from ops.status.argocd_status import is_syncing
from ops.status.pods_status import (
    is_over,
    is_rolling,
    pod_facts,
    pod_line,
    rollout_state,
    short,
)
from ops.status.reading import Live
from railiance.annotations import WORKER


def workers(app: App, live: Live) -> Result | None:
    """How many pods of each worker are ready, how often they were restarted, and their image.

    None if the app has no workers.
    """
    found = [_worker(app, live, manifest) for manifest in workers_of(app)]
    if not found:
        return None
    return Result(
        id="workers",
        state=max((one.state for one in found), key=list(State).index),
        evidence="; ".join(one.evidence for one in found),
        details=[line for one in found for line in one.details],
        facts={"workers": {one.id: {"state": one.state, **one.facts} for one in found}},
    )


def workers_of(app: App) -> list[Manifest]:
    """The Deployments of the app's workers."""
    return [manifest for manifest in app.manifests(Deployment) if _component(manifest)]


def _component(manifest: Manifest) -> str:
    """The component of a worker; empty if it is none."""
    component = Workload(manifest).component
    return component if component.startswith(WORKER) else ""


def _worker(app: App, live: Live, manifest: Manifest) -> Result:
    component = _component(manifest)
    name = component.removeprefix(WORKER)
    deployment = live.typed(Deployment, manifest)
    if deployment is None:
        return absent(name, manifest, app, live)
    pods = live.pods(component)
    ready, wanted = deployment.status.ready_replicas, deployment.spec.replicas
    restarts = sum(pod.restarts for pod in pods)
    rendered = Workload(manifest).containers[0].image
    running = sorted({pod.spec.containers[0].image for pod in pods if not is_over(pod)})
    state = rollout_state(deployment, pods)
    evidence = f"{name} {ready} of {wanted} ready, {restarts} restarts"
    if running not in ([rendered], []):
        evidence += f", runs {', '.join(map(short, running))}; rendered is {short(rendered)}"
        changes = is_rolling(deployment) or is_syncing(app, live)
        state = max(state, State.IN_PROGRESS if changes else State.FAILED, key=list(State).index)
    facts: dict[str, Any] = {"ready": ready, "wanted": wanted, "restarts": restarts}
    return Result(
        id=name,
        state=state,
        evidence=evidence,
        details=[pod_line(pod) for pod in pods],
        facts={**facts, "running": running, "pods": pod_facts(pods)},
    )
