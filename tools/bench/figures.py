"""The figures of a run, and what follows from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figures:
    """Seconds of every run, by contender and number of apps."""

    runs: Mapping[tuple[str, int], list[float]]

    def has(self, name: str, count: int) -> bool:
        """Whether it was measured with so many apps."""
        return bool(self.runs.get((name, count)))

    def seconds(self, name: str, count: int) -> float:
        """The median."""
        return median(self.runs[name, count])

    def ratio(self, name: str, other: str, count: int) -> float:
        """How many times as long the first takes as the other."""
        return self.seconds(name, count) / self.seconds(other, count)

    def seconds_per_app(self, name: str, fewer: int, more: int) -> float:
        """What one app more costs between two numbers of apps: the start-up is not in it."""
        return (self.seconds(name, more) - self.seconds(name, fewer)) / (more - fewer)

    def growth(self, name: str) -> float:
        """How much dearer an app becomes among many: above 1, a synthesis is not linear."""
        return self.seconds_per_app(name, 100, 1000) / self.seconds_per_app(name, 10, 100)
