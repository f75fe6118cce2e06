"""How the checks are shown: as they come in."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import Future, wait
from typing import TYPE_CHECKING

from ops.preflight.subject import Check
from ops.results.result import Result, summary
from ops.results.table import lines, pending, table

if TYPE_CHECKING:
    from rich.table import Table

Begun = Sequence[tuple[Check, "Future[Result]"]]


def show(title: str, begun: Begun) -> list[Result]:
    """Show each result: on a terminal as soon as it is known, elsewhere in their order."""
    if sys.stdout.isatty():
        _show_live(title, begun)
    else:
        for _, result in begun:
            print(*lines(result.result()), sep="\n", flush=True)
    found = [result.result() for _, result in begun]
    print(summary("preflight", found))
    return found


def _show_live(title: str, begun: Begun) -> None:
    from rich.live import Live  # noqa: PLC0415 (only a terminal needs it)

    def drawn() -> Table:
        rows = [r.result() if r.done() else pending(check.id) for check, r in begun]
        return table(rows, title)

    with Live(get_renderable=drawn, refresh_per_second=8):
        wait([result for _, result in begun])
