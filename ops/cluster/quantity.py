"""Quantities, which can be written in several ways."""

from typing import Any

from lightkube.utils.quantity import parse_quantity


def equal(one: Any, other: Any) -> bool:
    """Whether both say the same quantity, as 1 and 1000m do, or are the same text."""
    try:
        return parse_quantity(str(one)) == parse_quantity(str(other))
    except ValueError:
        return bool(one == other)
