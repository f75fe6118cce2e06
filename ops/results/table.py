"""Results as people read them: lines in a pipe, a table on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ops.results.result import Result, State

if TYPE_CHECKING:
    from rich.table import Table

COLOURS = {
    State.OK: "green",
    State.WARNING: "yellow",
    State.IN_PROGRESS: "yellow",
    State.FAILED: "bold red",
    State.UNKNOWN: "magenta",
}
LONGEST = 400
_UNITS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


def lines(result: Result) -> list[str]:
    """The result as plain lines, details and fix indented below it."""
    first = f"{result.state:<11}  {result.id:<17}  {_evidence(result)}"
    return [first, *(f"    {line}" for line in _below(result))]


def table(results: Iterable[Result], title: str = "") -> Table:
    """The results as a table for a terminal."""
    from rich.table import Table  # noqa: PLC0415 (only a terminal needs it)
    from rich.text import Text  # noqa: PLC0415

    made = Table("", "State", "", box=None, title=title or None, title_justify="left")
    made.columns[0].no_wrap = made.columns[1].no_wrap = True
    made.columns[2].overflow = "fold"
    for result in results:
        text = Text(_evidence(result))
        for line in _below(result):
            text.append(f"\n{line}", style="dim")
        made.add_row(result.id, Text(result.state, style=COLOURS[result.state]), text)
    return made


def pending(id_: str) -> Result:
    """A row for what is not known yet."""
    return Result(id=id_, state=State.IN_PROGRESS, evidence="…")


def _evidence(result: Result) -> str:
    age = f" ({_age(result.since)} ago)" if result.since else ""
    return printable(result.evidence) + age


def _below(result: Result) -> Iterator[str]:
    yield from map(printable, result.details)
    if result.fix:
        yield f"fix: {printable(result.fix)}"


def _age(since: datetime) -> str:
    """The time that has gone by, in its largest unit."""
    seconds = max(0.0, (datetime.now(UTC) - since).total_seconds())
    unit, size = next((one for one in _UNITS if seconds >= one[1]), _UNITS[-1])
    return f"{seconds // size:.0f} {unit}"


def printable(text: str) -> str:
    """The text on one line, without what could control a terminal: it may come from anywhere."""
    replacement = "\N{REPLACEMENT CHARACTER}"
    shown = "".join(c if c.isprintable() else replacement for c in " ".join(text.split()))
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"
