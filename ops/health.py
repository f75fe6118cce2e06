"""Whether a live object has become what it was asked to be, as Argo CD judges it.

Source: Argo CD 3.6, "Resource Health".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from ops.cluster import reported

Document = dict[str, Any]


class State(Enum):
    """What a wave waits for is HEALTHY; DEGRADED will not become so by waiting."""

    HEALTHY = "Healthy"
    PROGRESSING = "Progressing"
    DEGRADED = "Degraded"


@dataclass(frozen=True)
class Health:
    """A state, and the words of whoever wrote the status."""

    state: State
    message: str = ""


def of(live: Document) -> Health:
    """The health of an object; a kind without a status of its own is healthy once it is there."""
    judge = JUDGES.get(live["kind"])
    return judge(live) if judge else Health(State.HEALTHY)


def _database(live: Document) -> Health:
    status = reported.status_of(live)
    if status.get("observedGeneration") != live["metadata"].get("generation"):
        return Health(State.PROGRESSING, "CloudNativePG has not looked at it yet")
    if status.get("applied"):
        return Health(State.HEALTHY)
    # CloudNativePG tries again every 30 s, and may well succeed.
    return Health(State.PROGRESSING, str(status.get("message") or "not applied yet"))


def _job(live: Document) -> Health:
    if failed := condition(live, "Failed"):
        return Health(State.DEGRADED, _said(failed))
    done = condition(live, "Complete")
    return Health(State.HEALTHY) if done else Health(State.PROGRESSING, "running")


def _deployment(live: Document) -> Health:
    status, wanted = reported.status_of(live), live["spec"].get("replicas", 1)
    progressing = condition(live, "Progressing", "False")
    if progressing and progressing.get("reason") == "ProgressDeadlineExceeded":
        return Health(State.DEGRADED, _said(progressing))
    if status.get("observedGeneration", 0) < live["metadata"].get("generation", 0):
        return Health(State.PROGRESSING, "not seen by its controller yet")
    counts = [status.get(key, 0) for key in ("updatedReplicas", "availableReplicas", "replicas")]
    if counts == [wanted, wanted, wanted]:
        return Health(State.HEALTHY)
    updated, available, _ = counts
    return Health(State.PROGRESSING, f"{updated} of {wanted} new pods, {available} available")


def _certificate(live: Document) -> Health:
    if condition(live, "Ready"):
        return Health(State.HEALTHY)
    issuing, refused = condition(live, "Issuing"), condition(live, "Ready", "False")
    if issuing or not refused:
        return Health(State.PROGRESSING, _said(issuing or {}) or "not issued yet")
    return Health(State.DEGRADED, _said(refused))


def _ingress(live: Document) -> Health:
    return (
        Health(State.HEALTHY)
        if reported.addresses(live)
        else Health(State.PROGRESSING, "no address yet")
    )


def _volume_claim(live: Document) -> Health:
    phase = reported.status_of(live).get("phase")
    if phase == "Lost":
        return Health(State.DEGRADED, "its volume is lost")
    return Health(State.HEALTHY if phase == "Bound" else State.PROGRESSING, str(phase or ""))


JUDGES = {
    "Certificate": _certificate,
    "Database": _database,
    "Deployment": _deployment,
    "Ingress": _ingress,
    "Job": _job,
    "PersistentVolumeClaim": _volume_claim,
}


def condition(live: Document, kind: str, status: str = "True") -> Document | None:
    """The condition of a kind, if it has this status."""
    found = reported.condition(live, kind)
    return dict(found) if found.get("status") == status else None


def _said(condition: Document) -> str:
    return str(condition.get("message") or condition.get("reason") or "")
