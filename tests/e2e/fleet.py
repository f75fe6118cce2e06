"""Many apps, made by the project's own constructs."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from apps import APPS
from railiance import DjangoApp, SharedDatabase
from railiance.railiance01 import RAILIANCE01
from railiance.synth import synthesize

if TYPE_CHECKING:
    from pathlib import Path


def render(count: int, target: Path) -> list[str]:
    """Render so many apps, all like the first that is declared; their names."""
    fleet = [numbered(APPS[0], number) for number in range(count)]
    synthesize(fleet, RAILIANCE01, target)
    return [app.name for app in fleet]


def numbered(app: DjangoApp, number: int) -> DjangoApp:
    """The same app once more, with everything of its own that must be its own."""
    name, host = f"app-{number:03}", f"app-{number:03}.whywhynot.de"
    return dataclasses.replace(
        app,
        name=name,
        host=host,
        allowed_hosts=(host,),
        csrf_trusted_origins=(f"https://{host}",),
        database=SharedDatabase(name=f"app_{number:03}", role=f"app_{number:03}"),
    )
