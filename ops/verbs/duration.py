"""Durations as operators write them: 90s, 10m, 2h, 1d, 1h30m."""

import re
from typing import Any

import click

_SECONDS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_DURATION = re.compile("".join(rf"(?:([0-9]{{1,6}}){unit})?" for unit in _SECONDS), re.ASCII)


class Duration(click.ParamType[int]):
    """A duration as an option's value, in seconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The seconds; wrong usage if it is no duration, or 0."""
        if isinstance(value, int):
            return value
        found = _DURATION.fullmatch(value)
        parts = found.groups(default="0") if found else ()
        seconds = sum(
            int(part) * size for part, size in zip(parts, _SECONDS.values(), strict=False)
        )
        if not seconds:
            self.fail(
                f"{value!r} is no duration; give one such as 90s, 10m, 2h or 1h30m", param, ctx
            )
        return seconds
