"""The measured figures of a benchmark, and figures derived from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figures:
    """Seconds of every run, by contender and number of apps."""

    runs: Mapping[tuple[str, int], list[float]]

    def has(self, name: str, count: int) -> bool:
        """Whether the contender was measured with this number of apps."""
        return bool(self.runs.get((name, count)))

    def seconds(self, name: str, count: int) -> float:
        """The median of the runs, in seconds."""
        return median(self.runs[name, count])

    def ratio(self, name: str, other: str, count: int) -> float:
        """The time of the first contender, as a multiple of the other's."""
        return self.seconds(name, count) / self.seconds(other, count)

    def seconds_per_app(self, name: str, fewer: int, more: int) -> float:
        """The time of one more app between two numbers of apps, without the start-up."""
        return (self.seconds(name, more) - self.seconds(name, fewer)) / (more - fewer)

    def growth(self, name: str) -> float:
        """The cost of an app among many relative to few; above 1, synthesis is not linear."""
        return self.seconds_per_app(name, 100, 1000) / self.seconds_per_app(name, 10, 100)
