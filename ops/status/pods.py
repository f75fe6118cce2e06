"""The pods that serve: which image they run, and how they do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ops.cluster.kinds import Document
from ops.cluster.reported import condition, containers_of, moment, status_of
from ops.rendered import App
from ops.status.argocd import is_syncing
from ops.status.item import Item, Verdict
from ops.status.live import Live

STARTING = ("ContainerCreating", "PodInitializing")
"""Reasons for which a container waits that are no failure."""


def image(app: App, live: Live) -> Item:
    """The image that runs against the one in dist/."""
    pods = [pod for pod in live.pods.result() if not _is_going(pod)]
    running = sorted({str(one["image"]) for pod in pods for one in pod["spec"]["containers"][:1]})
    facts = {"rendered": app.image, "running": running}
    if running == [app.image]:
        return Item("image", Verdict.OK, f"{short(app.image)} runs, as rendered", facts=facts)
    if not running:
        text = f"no pod runs; rendered is {short(app.image)}"
        return Item("image", Verdict.WRONG, text, facts=facts)
    others = ", ".join(short(one) for one in running)
    text = f"{others} runs; rendered is {short(app.image)}"
    rolling = app.image in running and _is_rolling(live.of(app.web.manifest))
    verdict = Verdict.UNDER_WAY if rolling or is_syncing(app, live) else Verdict.WRONG
    return Item("image", verdict, text, facts=facts)


def short(reference: str) -> str:
    """The tag and the begin of the digest, which is what people compare."""
    name, _, digest = reference.rpartition("/")[2].partition("@")
    return f"{name}@{digest[:19]}" if digest else name


def pods(app: App, live: Live) -> Item:
    """How many pods are ready, and what ails those that are not."""
    deployment = live.of(app.web.manifest)
    if deployment is None:
        return Item("pods", Verdict.WRONG, f"there is no {app.web.manifest}")
    wanted = int(deployment["spec"].get("replicas", 1))
    ready = int(status_of(deployment).get("readyReplicas") or 0)
    found = live.pods.result()
    restarts = sum(int(one.get("restartCount", 0)) for pod in found for one in containers_of(pod))
    return Item(
        "pods",
        _verdict(deployment, found, ready, wanted),
        f"{ready} of {wanted} ready, {restarts} restarts",
        more=[_line(pod) for pod in found],
        facts={"ready": ready, "wanted": wanted, "restarts": restarts, "pods": _facts(found)},
    )


def _verdict(deployment: Document, found: list[Document], ready: int, wanted: int) -> Verdict:
    if any(ailment for pod in found if not _is_going(pod) for ailment in _ailments(pod)):
        return Verdict.WRONG
    if condition(deployment, "Progressing").get("status") == "False":
        return Verdict.WRONG
    if _is_rolling(deployment):
        return Verdict.UNDER_WAY
    return Verdict.OK if ready >= wanted > 0 else Verdict.WRONG


def _is_rolling(deployment: Document | None) -> bool:
    """Whether the Deployment replaces its pods, or makes its first."""
    if deployment is None:
        return False
    status = status_of(deployment)
    seen = status.get("observedGeneration") == deployment["metadata"].get("generation")
    progressing = condition(deployment, "Progressing")
    done = progressing.get("reason") == "NewReplicaSetAvailable"
    return not seen or (progressing.get("status") == "True" and not done)


def _is_going(pod: Document) -> bool:
    """Whether the pod is on its way out, or has come to its end well."""
    return "deletionTimestamp" in pod["metadata"] or status_of(pod).get("phase") == "Succeeded"


def _ailments(pod: Document) -> Iterator[str]:
    """What keeps a pod from serving, in Kubernetes' own words."""
    status = status_of(pod)
    if status.get("phase") == "Failed":
        yield f"{status.get('reason', 'Failed')}: {status.get('message', '')}"
    scheduled = condition(pod, "PodScheduled")
    if scheduled.get("status") == "False":
        yield f"{scheduled.get('reason')}: {scheduled.get('message', '')}"
    for container in containers_of(pod):
        waiting = (container.get("state") or {}).get("waiting") or {}
        if waiting.get("reason", STARTING[0]) not in STARTING:
            yield f"{waiting['reason']}: {waiting.get('message', '')}"


def _line(pod: Document) -> str:
    """A pod's name, whether it is ready, its restarts, what ails it, how it ended last."""
    restarts = sum(int(one.get("restartCount", 0)) for one in containers_of(pod))
    parts = [_state(pod), f"{restarts} restarts", *_ailments(pod), *_ends(pod)]
    return f"{pod['metadata']['name']}: {', '.join(part.rstrip(': ') for part in parts)}"


def _state(pod: Document) -> str:
    if "deletionTimestamp" in pod["metadata"]:
        return "terminating"
    if condition(pod, "Ready").get("status") == "True":
        return "ready"
    before = status_of(pod).get("initContainerStatuses") or []
    running = [f"{one['name']} runs" for one in before if "running" in (one.get("state") or {})]
    return ", ".join([str(status_of(pod).get("phase", "Unknown")), "not ready", *running])


def _ends(pod: Document) -> Iterator[str]:
    for container in containers_of(pod):
        if ended := (container.get("lastState") or {}).get("terminated"):
            when = f" at {ended['finishedAt']}" if moment(ended.get("finishedAt")) else ""
            reason, code = ended.get("reason", "ended"), ended.get("exitCode")
            yield f"last end {reason} (exit code {code}){when}"


def _facts(found: list[Document]) -> list[dict[str, Any]]:
    return [
        {
            "name": pod["metadata"]["name"],
            "ready": condition(pod, "Ready").get("status") == "True",
            "restarts": sum(int(one.get("restartCount", 0)) for one in containers_of(pod)),
            "ailments": list(_ailments(pod)),
        }
        for pod in found
    ]
