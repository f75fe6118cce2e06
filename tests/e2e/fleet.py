"""Many apps, made by the project's own constructs."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from railiance import DjangoApp, SharedDatabase
from tests.conftest import rendered
from tests.frozen import VERGABE_TEILNAHME

if TYPE_CHECKING:
    from pathlib import Path


def render(count: int, target: Path) -> list[str]:
    """Render so many apps, all like the frozen one; their names."""
    fleet = [numbered(VERGABE_TEILNAHME, number) for number in range(count)]
    rendered(fleet, target)
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
