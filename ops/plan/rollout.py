"""How pods are replaced when a workload's template changes."""

from typing import Any

from ops.manifests import Manifest
from ops.plan.effects import Effect


def rollout(workload: Manifest, claims: dict[str, Manifest]) -> tuple[Effect, str]:
    """Whether a moment comes without a ready pod, and why.

    `claims` are the rendered volume claims of the workload's namespace, by name.
    """
    return {
        "Deployment": _deployment,
        "StatefulSet": _stateful_set,
        "DaemonSet": _daemon_set,
    }[workload.kind](workload, claims)


def _deployment(workload: Manifest, claims: dict[str, Manifest]) -> tuple[Effect, str]:
    spec = workload.spec
    replicas = _number(spec.get("replicas"), 1)
    strategy = spec.get("strategy") or {}
    rolling = strategy.get("rollingUpdate") or {}
    unavailable = _share(rolling.get("maxUnavailable", "25%"), replicas)
    modes = _access_modes(spec, claims)
    gaps = {
        "strategy Recreate ends the old pods before new ones start": strategy.get("type")
        == "Recreate",
        "a ReadWriteOncePod volume is free for the new pod only when the old one has ended": (
            "ReadWriteOncePod" in modes
        ),
        f"maxUnavailable lets all {replicas} go at once": 0 < replicas <= unavailable,
        "without a readinessProbe a pod counts as ready before it can answer": not _is_probed(spec),
    }
    if replicas == 0:
        return Effect.IN_PLACE, "it runs no pods"
    for reason, is_so in gaps.items():
        if is_so:
            return Effect.ROLLS_WITH_GAP, reason
    shared = ", sharing its ReadWriteOnce volume on one node" if "ReadWriteOnce" in modes else ""
    return Effect.ROLLS, f"the new pods are ready before the last old one ends{shared}"


def _stateful_set(workload: Manifest, _claims: dict[str, Manifest]) -> tuple[Effect, str]:
    if (workload.spec.get("updateStrategy") or {}).get("type") == "OnDelete":
        return Effect.IN_PLACE, "with OnDelete, a pod is as before until somebody deletes it"
    if _number(workload.spec.get("replicas"), 1) == 1:
        return Effect.ROLLS_WITH_GAP, "its one pod ends before the new one starts"
    return Effect.ROLLS, "one pod after the other; each is away for a while"


def _daemon_set(workload: Manifest, _claims: dict[str, Manifest]) -> tuple[Effect, str]:
    strategy = workload.spec.get("updateStrategy") or {}
    if strategy.get("type") == "OnDelete":
        return Effect.IN_PLACE, "with OnDelete, a pod is as before until somebody deletes it"
    if _number((strategy.get("rollingUpdate") or {}).get("maxSurge"), 0):
        return Effect.ROLLS, "a node's new pod is ready before its old one ends"
    return Effect.ROLLS_WITH_GAP, "a node's pod ends before the new one starts there"


def _access_modes(spec: dict[str, Any], claims: dict[str, Manifest]) -> set[str]:
    pod = (spec.get("template") or {}).get("spec") or {}
    names = [
        (volume.get("persistentVolumeClaim") or {}).get("claimName")
        for volume in pod.get("volumes") or []
    ]
    found = [claims[name].spec.get("accessModes") or [] for name in names if name in claims]
    return {mode for modes in found for mode in modes}


def _is_probed(spec: dict[str, Any]) -> bool:
    pod = (spec.get("template") or {}).get("spec") or {}
    return all(container.get("readinessProbe") for container in pod.get("containers") or [])


def _number(value: Any, default: int) -> int:
    """The figure, a percentage as 1 if it is more than none: that is all that is asked of it."""
    if isinstance(value, int):
        return value
    return default if value is None else int(str(value) not in ("0", "0%"))


def _share(value: Any, replicas: int) -> int:
    """What maxUnavailable comes to; percentages are rounded down."""
    text = str(value)
    if text.endswith("%") and text[:-1].isdigit():
        return int(text[:-1]) * replicas // 100
    return int(text) if text.isdigit() else 0
