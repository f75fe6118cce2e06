"""Writes the figures as a page for people."""

import os
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path

from tools.bench import installed, reach
from tools.bench.contenders import (
    CHANGED,
    FLOOR,
    GATE,
    HELM,
    KUSTOMIZE,
    PLAN,
    SCHEMAS,
    SIZES,
    SYNTHESIZER,
    UNCHANGED,
    WATCH,
)
from tools.bench.figures import Figures
from tools.bench.history import MOST_CHANGED
from tools.markdown import table

NOT_MEASURED = "-"

TITLES = {
    SYNTHESIZER: "`make synth`, from scratch",
    CHANGED: "`make synth`, one app changed",
    UNCHANGED: "`make synth`, nothing changed",
    HELM: "`helm template`, once per app",
    KUSTOMIZE: "`kustomize`, once per app",
    FLOOR: "importing cdk8s and cdk8s-plus",
}

READERS = {
    GATE: "`ops gate`",
    SCHEMAS: "kubeconform alone",
    PLAN: "`ops plan`",
    WATCH: "`make watch`, from save to result",
}
"""What reads the rendered YAML."""

PAGE = """\
# Benchmark

How long it takes to render N apps, {documents} documents each, and to check them. `make bench` \
measures again and writes this page.

![Seconds over the number of apps, a line for each tool](benchmark.svg)

## Seconds
{seconds}

## Times as long as helm
{ratios}

## What should be reached
{reach}

## Gate, plan and watch
{gate}

The gate has kubeconform validate the documents while it reads them itself, each with its line; \
then comes the policy. `make watch` renders, checks and plans after a save.

## How it is measured
Every figure is the wall time of whole processes from start to end, start-up included, as a person \
waits for it: the median of the runs that this table counts. The tools take turns within one run \
of the benchmark, so that whatever else the machine does meets all of them. Each has run once \
before its first figure counts, so that it is in memory.

{runs}

- All render the same {documents} documents an app, {rendered} in `dist/` and {kept} in \
`argocd/`. After the last round, the documents of every tool are parsed and compared with the \
synthesizer's, at every N; a difference ends the benchmark. The apps are made up: they differ in \
name, host, database and role.
- The synthesizer runs as in `make synth`: `python -O app.py`, in a repository with one file for \
each app. From scratch means without `dist/`, `argocd/` and the record of the last run; from some \
80 apps on, it renders in as many processes as there are processors. Where one app has changed, \
that is the tag of its image.
- Importing cdk8s and cdk8s-plus, `python -O -c "import cdk8s, cdk8s_plus_28"`, on the same \
Node.js, is what anything that uses them has to do before it can begin.
- helm runs once for each app, one after another, on a chart with one template a document and a \
file of values an app.
- kustomize runs once for each app, one after another, as `kubectl kustomize`, on that app's own \
complete documents, in which it pins the image. Of all tools it has the least to do.
- The cost of an app among many leaves out the start-up: the difference between two numbers of \
apps, divided by the apps between them.
- The gate runs as `ops gate` on the synthesizer's folders. kubeconform alone runs on the same \
ones, with the gate's arguments.
- `make watch` runs throughout its saves, which are some seconds apart: the time is from before \
the file is written until the last line of the result is read.

Measured on {machine}, with {versions}.
"""


def text(figures: Figures, load: float, counts: tuple[int, int]) -> str:
    """The whole page; the counts are those of an app's documents in dist/ and argocd/."""
    rendered, kept = counts
    return PAGE.format(
        documents=rendered + kept,
        rendered=rendered,
        kept=kept,
        seconds=seconds_table(figures),
        ratios=_ratio_table(figures),
        reach=reach_table(figures),
        gate=gate_table(figures),
        runs=_runs_table(figures),
        machine=_machine(load),
        versions=", ".join(installed.versions()),
    )


def seconds_table(figures: Figures) -> str:
    """Medians, and what one app more costs."""
    rows = [
        [
            TITLES[name],
            *(_seconds(figures, name, n) for n in SIZES),
            _per_app(figures, name, 10, 100),
            _per_app(figures, name, 100, 1000),
        ]
        for name in TITLES
    ]
    heads = [*_size_heads(), "an app more, 10 to 100", "100 to 1,000"]
    return table(["", *heads], rows)


def reach_table(figures: Figures) -> str:
    """Targets with their figures."""
    rows = [[target.aim, str(target), target.verdict] for target in reach.targets(figures)]
    return table(["target", "figure", ""], rows)


def gate_table(figures: Figures) -> str:
    """The gate, the part of it that is kubeconform, the plan, and all of them after a save."""
    sizes = [n for n in SIZES if figures.has(GATE, n)]
    rows = [
        ["`ops gate`", *(_seconds(figures, GATE, n) for n in sizes)],
        ["kubeconform alone", *(_seconds(figures, SCHEMAS, n) for n in sizes)],
        [
            f"`ops plan`, at most {MOST_CHANGED} apps changed",
            *(_seconds(figures, PLAN, n) for n in sizes),
        ],
        [READERS[WATCH], *(_seconds(figures, WATCH, n) for n in sizes)],
    ]
    return table(["", *_size_heads(sizes)], rows)


def _ratio_table(figures: Figures) -> str:
    rows = [
        [
            TITLES[name],
            *(
                f"{figures.ratio(name, HELM, n):.2f}" if figures.has(name, n) else NOT_MEASURED
                for n in SIZES
            ),
        ]
        for name in TITLES
    ]
    return table(["", *_size_heads()], rows)


def _runs_table(figures: Figures) -> str:
    """How often each was run, and how far its runs lie apart."""
    rows = [
        [title, *(_spread(figures.runs.get((name, n), [])) for n in SIZES)]
        for name, title in {**TITLES, **READERS}.items()
    ]
    return table(["runs: shortest to longest", *_size_heads()], rows)


def _spread(runs: Sequence[float]) -> str:
    if not runs:
        return NOT_MEASURED
    if len(runs) == 1:
        return f"1: {_spoken(runs[0])}"
    return f"{len(runs)}: {_spoken(min(runs))} to {_spoken(max(runs))}"


def _size_heads(sizes: Iterable[int] = SIZES) -> list[str]:
    return ["1 app" if n == 1 else f"{n:,} apps" for n in sizes]


def _seconds(figures: Figures, name: str, count: int) -> str:
    return _spoken(figures.seconds(name, count)) if figures.has(name, count) else NOT_MEASURED


def _spoken(seconds: float) -> str:
    """Three digits: more would be noise."""
    return f"{seconds:#.3g} s".replace(". s", " s")


def _per_app(figures: Figures, name: str, fewer: int, more: int) -> str:
    if not figures.has(name, more):
        return NOT_MEASURED
    return f"{1000 * figures.seconds_per_app(name, fewer, more):.1f} ms"


def _machine(load: float) -> str:
    """What it ran on, and how busy that was before."""
    processor = platform.machine()
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        names = [line for line in facts.read_text().splitlines() if line.startswith("model name")]
        processor = names[0].partition(": ")[2] if names else processor
    return f"{os.cpu_count()} cores of {processor} with a load of {load:.1f} at the start"
