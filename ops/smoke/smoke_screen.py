"""How a visit's results are shown: a table for people, lines in a pipe."""

import sys
from collections.abc import Sequence

from ops.results.result import Result, summary
from ops.results.table import lines, table


def show(host: str, results: Sequence[Result]) -> None:
    """Prints a row for each check, with the fix below what failed, and a summary."""
    if sys.stdout.isatty():
        from rich.console import Console  # noqa: PLC0415 (only a terminal needs it)

        Console().print(table(results, f"https://{host}"))
    else:
        for result in results:
            print(*lines(result), sep="\n")
    print(f"{summary('smoke', results)} (https://{host})")
