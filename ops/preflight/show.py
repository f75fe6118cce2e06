"""How the checks are shown: as they come in, and to a machine."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from concurrent.futures import Future, wait
from typing import TYPE_CHECKING

from ops.board import Row, lines, table
from ops.preflight.answer import Answer, Check, Line, State

if TYPE_CHECKING:
    from rich.table import Table

Begun = Sequence[tuple[Check, "Future[Answer]"]]


def show(title: str, begun: Begun) -> list[Line]:
    """Show each line: on a terminal as soon as it is known, elsewhere in their order."""
    if sys.stdout.isatty():
        _show_live(title, begun)
        made = _made(begun)
    else:
        made = []
        for check, answer in begun:
            made.append(Line(check, answer.result()))
            print(*lines(_row(check, answer)), sep="\n", flush=True)
    print(_summary(made))
    return made


def _made(begun: Begun) -> list[Line]:
    return [Line(check, answer.result()) for check, answer in begun]


def _show_live(title: str, begun: Begun) -> None:
    from rich.live import Live  # noqa: PLC0415 (only a terminal needs it)

    def drawn() -> Table:
        return table([_row(check, answer) for check, answer in begun], title)

    with Live(get_renderable=drawn, refresh_per_second=8):
        wait([answer for _, answer in begun])


def _row(check: Check, answer: Future[Answer]) -> Row:
    if not answer.done():
        return Row(check.id, "…", "")
    found = answer.result()
    return Row(check.id, found.state, found.evidence, [f"mend: {found.mend}"] if found.mend else [])


def _summary(made: Sequence[Line]) -> str:
    passed = all(line.passes for line in made)
    counts = {state: sum(line.answer.state is state for line in made) for state in State}
    parts = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    return f"preflight {'passed' if passed else 'failed'}: {parts}"


def as_json(app: str, context: str, made: Sequence[Line]) -> str:
    """The lines as one JSON object: app, context, passed, lines."""
    found = [
        {
            "id": line.check.id,
            "state": line.answer.state,
            "evidence": line.answer.evidence,
            "mend": line.answer.mend,
            "stops_a_deploy": line.stops_a_deploy,
        }
        for line in made
    ]
    passed = all(line.passes for line in made)
    return json.dumps({"app": app, "context": context, "passed": passed, "lines": found}, indent=1)
