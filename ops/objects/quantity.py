"""Quantities, which can be written in several ways.

Source: Kubernetes, API reference, "Quantity".
"""

from decimal import Decimal
from typing import Any

_UNITS = {"": Decimal(1), "n": Decimal("1e-9"), "u": Decimal("1e-6"), "m": Decimal("1e-3")}
_UNITS |= {unit: Decimal(1000) ** power for power, unit in enumerate("kMGTPE", 1)}
_UNITS |= {f"{unit}i": Decimal(1024) ** power for power, unit in enumerate("KMGTPE", 1)}


def quantity(text: Any) -> Decimal | None:
    """A quantity as a number; None if it is none."""
    number = str(text).rstrip("numkKMGTPEi")
    try:
        value = Decimal(number) * _UNITS[str(text).removeprefix(number)]
    except (ArithmeticError, KeyError):
        return None
    return value if value.is_finite() else None


def equal(first: Any, second: Any) -> bool:
    """Whether both state the same quantity, as 1 and 1000m do, or are the same text."""
    amounts = quantity(first), quantity(second)
    return bool(first == second) if None in amounts else amounts[0] == amounts[1]
