"""How the status is shown: once or again and again, to people or to a machine."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeAlias

from ops.board import Row, lines, table
from ops.errors import ClusterError
from ops.status.item import Item, unread

Items: TypeAlias = Sequence[Item]
Show: TypeAlias = Callable[[Items, Items], None]
"""Shows what was seen now, knowing what was seen before."""

INTERVAL_SECONDS = 2.0
_UNITS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


def once(title: str, items: Items, *, as_json: bool) -> bool:
    """Show one look. Returns whether all is well."""
    if as_json:
        print(json.dumps(_answer(title, items), indent=1))
    elif sys.stdout.isatty():
        from rich.console import Console  # noqa: PLC0415 (only a terminal needs it)

        Console().print(table(map(_row, items), title))
    else:
        for item in items:
            print(*lines(_row(item)), sep="\n")
    return _all_well(items)


def again_and_again(title: str, look: Callable[[], Items], *, as_json: bool) -> bool:
    """Look until Ctrl-C, and show what is new. Returns whether all was well at last.

    On a terminal the screen is drawn anew; elsewhere each change is a line, or with JSON each look
    that differs from the one before. A cluster that is away meanwhile is one more change.
    """
    last: Items = []
    with _showing(title, as_json=as_json) as show:
        try:
            while True:
                items = _tolerant(look)
                show(last, items)
                last = items
                time.sleep(INTERVAL_SECONDS)
        except KeyboardInterrupt:
            return _all_well(last)


def _tolerant(look: Callable[[], Items]) -> Items:
    try:
        return look()
    except ClusterError as error:
        return [unread("cluster", error)]


@contextmanager
def _showing(title: str, *, as_json: bool) -> Iterator[Show]:
    if as_json:
        yield lambda last, items: _print_changed_look(title, last, items)
    elif sys.stdout.isatty():
        from rich.live import Live  # noqa: PLC0415 (only a terminal needs it)

        with Live(auto_refresh=False, screen=True) as screen:
            yield lambda _, items: screen.update(table(map(_row, items), title), refresh=True)
    else:
        yield _print_changes


def _print_changed_look(title: str, last: Items, items: Items) -> None:
    if items != last:
        print(json.dumps(_answer(title, items)), flush=True)


def _print_changes(last: Items, items: Items) -> None:
    now = datetime.now(UTC).strftime("%H:%M:%SZ")
    for item in items:
        if item not in last:
            first, *more = lines(_row(item))
            print(f"{now}  {first}", *more, sep="\n", flush=True)


def _row(item: Item) -> Row:
    age = f" ({_age(item.since)} ago)" if item.since else ""
    return Row(item.id, item.verdict, item.text + age, item.more)


def _age(since: datetime) -> str:
    """The time that has gone by, in its largest unit."""
    seconds = max(0.0, (datetime.now(UTC) - since).total_seconds())
    unit, size = next((one for one in _UNITS if seconds >= one[1]), _UNITS[-1])
    return f"{seconds // size:.0f} {unit}"


def _all_well(items: Items) -> bool:
    return bool(items) and all(item.well for item in items)


def _answer(title: str, items: Items) -> dict[str, Any]:
    """What a machine reads: whether all is well, and each line with its figures."""
    return {
        "subject": title,
        "well": _all_well(items),
        "items": [
            {
                "id": item.id,
                "verdict": item.verdict,
                "text": item.text,
                "since": item.since.isoformat() if item.since else None,
                "more": list(item.more),
                "facts": dict(item.facts),
            }
            for item in items
        ],
    }
