"""Writes what a run has found as a page for people."""

from __future__ import annotations

import os
import platform
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ops.host.files import replace
from tools.markdown import table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.rehearse.visitors import Visitors

STEPS = {
    "day one": "day one",
    "person": "a person logs in and saves something",
    "task": "the worker completes a task",
    "schedule": "the schedule runs",
    "roll": "a new image while visitors come",
    "rotated": "Valkey's password is rotated while somebody visits",
    "ended": "the worker's pod is deleted during a task",
    "killed": "the worker is killed during a task",
}
"""What is rehearsed of each app."""
PAGE = """\
# Other people's apps

`make rehearse-apps` runs three Django apps that others wrote, from PyPI, on a real node with the \
platform of [`make rehearse`](rehearsal.md), and writes this page. pretalx and NetBox are \
declared in `tests/others/` like [the others](other-apps.md); `tests/rehearse_apps/` changes what \
differs in [the image made here](box.md#images). Wagtail is what `wagtail start` makes.

{lines}

- Day one: `ops image set`, `ops secrets init`, `make synth`, `git push`, `ops secrets apply`, \
`ops deploy`, until the app is healthy. Then each line of `ops preflight` and `ops status` is \
`ok`, except that the local cluster has no backups. NetBox begins with the database that an \
earlier run has migrated, because its first migration takes minutes.
- A person: a superuser that `ops superuser` creates. pretalx's users have an address, but no name.
- A new image: `ops image set`, `git push`, `ops deploy`, while {visitors} visitors at a time keep \
asking for the health page. No request may fail.
- Valkey's password: `ops secrets rotate password.conf`, `make synth`, `ops secrets apply`, \
`git push`, `ops deploy`. Valkey restarts; afterwards web and worker use the new password.
- A worker that is told to end has the time of its longest task, and finishes what it has begun. \
One that is killed loses it, in both apps: Celery acknowledges a task when it begins unless the \
app sets `task_acks_late`, which pretalx does not, and RQ does not repeat a job unless it is \
queued with `retry`.

Measured on {machine}, in {minutes} minutes.
"""


@dataclass
class Results:
    """One text for each app and step."""

    began: float
    found: dict[tuple[str, str], str] = field(default_factory=dict)

    def note(self, app: str, step: str, text: str) -> None:
        """Add what a rehearsal found."""
        assert step in STEPS
        self.found[app, step] = text

    def is_complete(self, apps: Sequence[str]) -> bool:
        """Whether every app has a text for every step that it can have."""
        return all((app, step) in self.found for app in apps for step in STEPS)

    def write(self, folder: Path) -> None:
        """Write rehearsal-apps.md into a folder."""
        apps = list(dict.fromkeys(app for app, _ in self.found))
        rows = [[title, *(self.found[app, step] for app in apps)] for step, title in STEPS.items()]
        text = PAGE.format(
            lines=table(("", *apps), rows),
            visitors=VISITORS,
            machine=f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
            minutes=round((time.monotonic() - self.began) / 60),
        )
        replace(folder / "rehearsal-apps.md", text.encode())


VISITORS = 4
"""How many ask at a time while a new image rolls."""


def requests(visitors: Visitors) -> str:
    """What visitors saw."""
    slowest = f"slowest {visitors.slowest_seconds:.1f} s"
    return f"{len(visitors.requests):,} requests, {len(visitors.failed)} failed, {slowest}"
