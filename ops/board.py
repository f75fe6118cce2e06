"""Rows that each say how one thing stands, as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

COLOURS = {
    "ok": "green",
    "under way": "yellow",
    "warning": "yellow",
    "failed": "bold red",
    "wrong": "bold red",
    "not checked": "magenta",
    "unknown": "magenta",
}
"""The colour of each state; any other has none."""


@dataclass(frozen=True)
class Row:
    """One thing, its state, what is known of it, and what more there is to say, line by line."""

    id: str
    state: str
    text: str
    more: Sequence[str] = ()


def lines(row: Row) -> list[str]:
    """The row as plain lines, what more there is to say indented below it."""
    first = f"{row.state:<11}  {row.id:<17}  {printable(row.text)}"
    return [first, *(f"    {printable(line)}" for line in row.more)]


def table(rows: Iterable[Row], title: str = "") -> Table:
    """The rows as a table for a terminal."""
    from rich.table import Table  # noqa: PLC0415 (only a terminal needs it)
    from rich.text import Text  # noqa: PLC0415

    made = Table("", "State", "", box=None, title=title or None, title_justify="left")
    made.columns[0].no_wrap = made.columns[1].no_wrap = True
    made.columns[2].overflow = "fold"
    for row in rows:
        colour = COLOURS.get(row.state, "")
        text = Text(printable(row.text))
        for line in row.more:
            text.append(f"\n{printable(line)}", style="dim")
        made.add_row(row.id, Text(row.state, style=colour), text)
    return made


def printable(text: str) -> str:
    """The text on one line, without what could command a terminal: the cluster's words are any."""
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split()))
