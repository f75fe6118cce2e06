"""The processes of an app: what its pods are there for, by the names that operators use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ops.documents.fleet import App
from ops.documents.manifest import Manifest
from ops.documents.workload import Workload
from ops.errors import UsageError
from railiance.annotations import COMPONENT, NAME, SCHEDULE, WORKER

BY_HAND = "manage"
"""The component of the Jobs of `ops manage`."""


@dataclass(frozen=True)
class Process:
    """Pods of an app that run the same thing."""

    component: str
    labels: Mapping[str, str]
    manifest: Manifest | None = None
    """What makes them; None for Jobs by hand."""


def processes(app: App) -> dict[str, Process]:
    """The app's processes by their component, in the order in which they are rendered."""
    found = {}
    for manifest in app.documents:
        component = Workload(manifest).component
        if component:
            labels = {NAME: app.name, COMPONENT: component}
            found[component] = Process(component, labels, manifest)
    by_hand = {NAME: app.name, COMPONENT: BY_HAND}
    return found | {BY_HAND: Process(BY_HAND, by_hand)}


def process(app: App, name: str) -> Process:
    """The process of a name: its component, or the name of a worker or schedule.

    Raises UsageError if there is none, or if it is the name of both.
    """
    known = processes(app)
    wanted = [component for component in known if component == name] or [
        component
        for component in known
        if name in (component.removeprefix(p) for p in (WORKER, SCHEDULE))
    ]
    if len(wanted) == 1:
        return known[wanted[0]]
    if wanted:
        raise UsageError(f"{app.name} has a worker and a schedule {name}: {' or '.join(wanted)}?")
    raise UsageError(f"{app.name} has no process {name!r}; it has {', '.join(known)}")
