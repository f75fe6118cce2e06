"""The table of rehearsals with their times, printed at the end of a run."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    import pytest


@dataclass
class Line:
    """One rehearsal's line."""

    number: int
    title: str
    seconds: float = 0.0
    outcome: str = "interrupted"
    note: str = ""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let several runs share one table."""
    text = "go on with the table of the run before, which this file holds"
    parser.addoption("--timetable", type=Path, metavar="FILE", help=text)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker that gives a rehearsal its line."""
    config.addinivalue_line("markers", "rehearsal(number, title): a rehearsal, and its line")
    config.pluginmanager.register(Timetable(config.getoption("timetable")), "timetable")


class Timetable:
    """Collects the lines while the tests run."""

    def __init__(self, shared: Path | None) -> None:
        self.shared = shared
        self.lines: dict[str, Line] = {}
        if shared and shared.exists():
            earlier = json.loads(shared.read_text())
            self.lines = {test: Line(**line) for test, line in earlier.items()}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Rehearse in the order of the numbers, and have the reports say what each is."""
        items.sort(key=number_of)
        for item in items:
            if marker := item.get_closest_marker("rehearsal"):
                item.user_properties.append(("rehearsal", marker.args))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add a phase of a test to its line.

        Read from the report alone: it may come from another process.
        """
        told: dict[str, Any] = dict(report.user_properties)
        if "rehearsal" not in told:
            return
        line = self.lines.setdefault(report.nodeid, Line(*told["rehearsal"]))
        line.seconds += report.duration
        line.note = str(told.get("note", ""))
        if report.failed:
            line.outcome = "failed"
        elif report.when == "call":
            line.outcome = "passed"

    def pytest_terminal_summary(self) -> None:
        """Print the table."""
        if not self.lines:
            return
        if self.shared:
            lines = {test: dataclasses.asdict(line) for test, line in self.lines.items()}
            self.shared.write_text(json.dumps(lines))
        table = Table("", "rehearsal", "outcome", "seconds", "measured")
        for line in sorted(self.lines.values(), key=lambda line: line.number):
            table.add_row(
                str(line.number), line.title, line.outcome, f"{line.seconds:.0f}", line.note
            )
        total = sum(line.seconds for line in self.lines.values())
        table.add_section()
        table.add_row("", "all, and the box", "", f"{total:.0f}", "")
        # As wide as the longest line, whatever the terminal or the pipe says.
        Console(width=120).print(table)


def number_of(item: pytest.Item) -> int:
    """A rehearsal's number; any other test comes first."""
    marker = item.get_closest_marker("rehearsal")
    return int(marker.args[0]) if marker else 0
