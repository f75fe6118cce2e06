"""What controllers report of their documents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any


def status_of(document: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """A document's status; empty before its controller has said anything, or without document."""
    return (document or {}).get("status") or {}


def condition(document: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    """The condition of a kind that a document's status has; empty if it has none."""
    found = status_of(document).get("conditions") or []
    return next((one for one in found if one.get("type") == kind), {})


def containers_of(pod: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What is reported of a pod's containers, in the order in which they start."""
    kinds = ("initContainerStatuses", "containerStatuses")
    return [one for kind in kinds for one in status_of(pod).get(kind) or []]


def addresses(document: Mapping[str, Any]) -> list[str]:
    """Where a Service or an Ingress is published: addresses, or host names where it has none."""
    balancer = status_of(document).get("loadBalancer") or {}
    found = [one.get("ip") or one.get("hostname") for one in balancer.get("ingress") or []]
    return [str(address) for address in found if address]


def moment(text: Any) -> datetime | None:
    """A time as it is written in documents; None if there is none, or none that can be read."""
    try:
        read = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def is_younger(document: Mapping[str, Any], than: timedelta) -> bool:
    """Whether a document was made less than so long ago; one that does not say when was not."""
    made = moment(document["metadata"].get("creationTimestamp"))
    return made is not None and datetime.now(UTC) - made < than


def role_problem(postgres: Mapping[str, Any], role: str) -> str:
    """What is wrong with a role of CloudNativePG's Cluster, in words; empty if nothing is.

    Before its version 1.30 roles stand in the Cluster's spec.managed.roles, and what became of
    them in its status.managedRolesStatus.
    """
    managed = (postgres["spec"].get("managed") or {}).get("roles") or []
    if role not in [one.get("name") for one in managed]:
        return f"role {role} does not stand in spec.managed.roles"
    status = status_of(postgres).get("managedRolesStatus") or {}
    if reasons := (status.get("cannotReconcile") or {}).get(role):
        return f"role {role} cannot be reconciled: {'; '.join(reasons)}"
    states = [state for state, roles in (status.get("byStatus") or {}).items() if role in roles]
    if states == ["reconciled"]:
        return ""
    return f"role {role} is {' and '.join(states) or 'not reported on by CloudNativePG'}"
