"""Performance targets of the synthesizer and the gate, and whether they are met."""

from collections.abc import Iterator
from dataclasses import dataclass

from tools.bench.contenders import (
    CHANGED,
    GATE,
    HELM,
    IMPORT_ONLY,
    PLAN,
    SYNTHESIZER,
    UNCHANGED,
    WATCH,
)
from tools.bench.figures import Figures


@dataclass(frozen=True)
class Target:
    """A figure and its bound."""

    aim: str
    figure: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def met(self) -> bool:
        """Whether the figure is within the bound."""
        above = self.at_least is None or self.figure >= self.at_least
        return above and (self.at_most is None or self.figure <= self.at_most)

    @property
    def verdict(self) -> str:
        """The result as Markdown."""
        return "met" if self.met else "**not met**"

    def __str__(self) -> str:
        return f"{self.figure:.2f}{self.unit}"


def targets(figures: Figures) -> Iterator[Target]:
    """Each target with its measured figure."""
    ratio, seconds = figures.ratio, figures.seconds
    yield Target(
        "One app from scratch: at most 1.25 times as long as importing cdk8s and cdk8s-plus",
        ratio(SYNTHESIZER, IMPORT_ONLY, 1),
        " times",
        at_most=1.25,
    )
    yield Target(
        "100 apps: at least 2.5 times faster than helm once per app",
        ratio(HELM, SYNTHESIZER, 100),
        " times",
        at_least=2.5,
    )
    yield Target(
        "1,000 apps: at least 4 times faster than helm once per app",
        ratio(HELM, SYNTHESIZER, 1000),
        " times",
        at_least=4,
    )
    yield Target(
        "An app among 100 to 1,000 costs at most 1.3 times one among 10 to 100",
        figures.growth(SYNTHESIZER),
        " times",
        at_most=1.3,
    )
    yield Target(
        "One app, nothing changed: at most 0.15 s", seconds(UNCHANGED, 1), " s", at_most=0.15
    )
    yield Target(
        "1,000 apps, nothing changed: at most 1.5 s", seconds(UNCHANGED, 1000), " s", at_most=1.5
    )
    yield Target(
        "One of 1,000 apps changed: at most 1.5 times as long as one app from scratch",
        seconds(CHANGED, 1000) / seconds(SYNTHESIZER, 1),
        " times",
        at_most=1.5,
    )
    yield Target("Gate over 1,000 apps: at most 5 s", seconds(GATE, 1000), " s", at_most=5)
    yield Target("Gate over one app: at most 1 s", seconds(GATE, 1), " s", at_most=1)
    yield Target(
        "Plan of 1,000 apps of which 10 change: at most 5 s", seconds(PLAN, 1000), " s", at_most=5
    )
    yield Target("Plan of one app: at most 1 s", seconds(PLAN, 1), " s", at_most=1)
    yield Target(
        "Watch, from save to result shown, one app: at most 1 s",
        seconds(WATCH, 1),
        " s",
        at_most=1,
    )
