"""Measures all contenders in turn, so that other load on the machine affects all of them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from tools.bench import made_up, process, verify, watching
from tools.bench.contenders import SIZES, WATCH, Contender
from tools.bench.figures import Figures
from tools.bench.progress import Progress
from tools.bench.workshop import Workshop


def measure(work: Workshop, rivals: Sequence[Contender], progress: Progress) -> Figures:
    """Measures every figure, and checks that all contenders render the same documents.

    Raises BenchError if a tool is missing, fails, or renders other documents.
    """
    runs: dict[tuple[str, int], list[float]] = defaultdict(list)
    for count in SIZES:
        progress.show(f"N={count}: preparing", "rendering the tools' input")
        work.prepare(count)
        if count == SIZES[0]:
            _warm_up(rivals, progress)
        for turn, rival in schedule(rivals, count):
            calls = rival.calls(count)
            progress.show(f"N={count}: round {turn}", f"{rival.name}, {_processes(len(calls))}")
            runs[rival.name, count].append(process.seconds(calls))
        progress.show(f"N={count}: comparing the rendered documents", "")
        _compare(work, rivals, count)
    progress.show("watching", f"{watching.SAVES} saves")
    folder = work.watched()
    runs[WATCH, 1] = watching.seconds(folder, lambda: made_up.change(folder, 1))
    return Figures(runs)


def _warm_up(rivals: Sequence[Contender], progress: Progress) -> None:
    """Runs everything once before measuring, so that programs and caches are in memory."""
    progress.show("warming up", "everything once")
    for rival in rivals:
        process.seconds(rival.calls(SIZES[0]))


def schedule(rivals: Sequence[Contender], count: int) -> Iterator[tuple[int, Contender]]:
    """The order of turns, round by round; contenders with fewer runs are spread evenly."""
    rounds = max(rival.runs.get(count, 0) for rival in rivals)
    for turn in range(rounds):
        for rival in rivals:
            share = rival.runs.get(count, 0)
            if (turn + 1) * share // rounds > turn * share // rounds:
                yield turn + 1, rival


def _processes(count: int) -> str:
    return "one process" if count == 1 else f"{count} processes"


def _compare(work: Workshop, rivals: Sequence[Contender], count: int) -> None:
    expected = work.expected(count)
    for rival in rivals:
        if rival.renders and rival.runs.get(count):
            found = verify.fingerprints(work.output(rival.name, count))
            verify.compare(rival.name, found, expected)
