"""How the status is shown: once or again and again, to people or to a machine."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TypeAlias

from ops.errors import ClusterError
from ops.results.result import Result, all_pass, as_json, unread
from ops.results.table import lines, table

Results: TypeAlias = Sequence[Result]
Show: TypeAlias = Callable[[Results, Results], None]
"""Shows what was seen now, knowing what was seen before."""

INTERVAL_SECONDS = 2.0


def once(title: str, results: Results, *, is_json: bool) -> bool:
    """Show one look. Returns whether everything passes."""
    if is_json:
        print(as_json({"subject": title}, results))
    elif sys.stdout.isatty():
        from rich.console import Console  # noqa: PLC0415 (only a terminal needs it)

        Console().print(table(results, title))
    else:
        for result in results:
            print(*lines(result), sep="\n")
    return all_pass(results)


def again_and_again(title: str, look: Callable[[], Results], *, is_json: bool) -> bool:
    """Look until Ctrl-C, and show what is new. Returns whether everything passed at last.

    On a terminal the screen is drawn again; elsewhere each change is a line, or with JSON each look
    that differs from the one before. A cluster that is down meanwhile is one more change.
    """
    last: Results = []
    with _showing(title, is_json=is_json) as show:
        try:
            while True:
                results = _tolerant(look)
                show(last, results)
                last = results
                time.sleep(INTERVAL_SECONDS)
        except KeyboardInterrupt:
            return all_pass(last)


def _tolerant(look: Callable[[], Results]) -> Results:
    try:
        return look()
    except ClusterError as error:
        return [unread("cluster", error)]


@contextmanager
def _showing(title: str, *, is_json: bool) -> Iterator[Show]:
    if is_json:
        yield lambda last, results: _print_changed_look(title, last, results)
    elif sys.stdout.isatty():
        from rich.live import Live  # noqa: PLC0415 (only a terminal needs it)

        with Live(auto_refresh=False, screen=True) as screen:
            yield lambda _, results: screen.update(table(results, title), refresh=True)
    else:
        yield _print_changes


def _print_changed_look(title: str, last: Results, results: Results) -> None:
    if results != last:
        print(as_json({"subject": title}, results, indent=None), flush=True)


def _print_changes(last: Results, results: Results) -> None:
    now = datetime.now(UTC).strftime("%H:%M:%SZ")
    for result in results:
        if result not in last:
            first, *more = lines(result)
            print(f"{now}  {first}", *more, sep="\n", flush=True)
