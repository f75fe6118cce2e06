"""How a visit's lines are shown: a table for people, lines in a pipe, JSON for programs."""

import json
import sys
from collections import Counter
from collections.abc import Sequence

from ops.smoke.outcome import Line, State

COLOURS = {State.PASSED: "green", State.FAILED: "bold red", State.NOT_CHECKED: "yellow"}
LONGEST = 400


def passed(lines: Sequence[Line]) -> bool:
    """Whether everything was checked and is well."""
    return all(line.state is State.PASSED for line in lines)


def show(host: str, lines: Sequence[Line]) -> None:
    """Prints a row for each check, with the mend below what is not well, and a summary."""
    if sys.stdout.isatty():
        _show_table(lines)
    else:
        for line in lines:
            print(f"{line.state:11}  {line.id:10}  {printable(line.evidence)}")
            if line.mend:
                print(f"{'':25}mend: {line.mend}")
    counted = Counter(line.state for line in lines)
    summary = ", ".join(f"{counted[state]} {state}" for state in State if counted[state])
    print(f"smoke {'passed' if passed(lines) else 'failed'}: https://{host}, {summary}")


def _show_table(lines: Sequence[Line]) -> None:
    from rich.console import Console  # noqa: PLC0415 (only a terminal needs it)
    from rich.markup import escape  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table("State", "Check", "What should be", "Evidence", box=None)
    for line in lines:
        mend = f"\n[dim]mend: {escape(line.mend)}[/]" if line.mend else ""
        state = f"[{COLOURS[line.state]}]{line.state}[/]"
        table.add_row(state, line.id, line.what, f"{escape(printable(line.evidence))}{mend}")
    Console().print(table)


def printable(text: str) -> str:
    """The text as one line that no terminal obeys; the app's answers are in it."""
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"


def as_json(app: str, host: str, lines: Sequence[Line]) -> str:
    """The result as one JSON object: app, host, passed, checks."""
    checks = [
        {
            "id": line.id,
            "what": line.what,
            "state": line.state.value,
            "evidence": printable(line.evidence),
            "mend": line.mend,
            "seconds": line.seconds,
        }
        for line in lines
    ]
    answer = {"app": app, "host": host, "passed": passed(lines), "checks": checks}
    return json.dumps(answer, indent=2, ensure_ascii=False)
