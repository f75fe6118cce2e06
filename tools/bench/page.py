"""Renders the figures as a Markdown page."""

import os
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path

from tools.bench import installed, reach
from tools.bench.contenders import (
    CHANGED,
    GATE,
    HELM,
    IMPORT_ONLY,
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
    IMPORT_ONLY: "importing cdk8s and cdk8s-plus",
}

READERS = {
    GATE: "`ops gate`",
    SCHEMAS: "kubeconform alone",
    PLAN: "`ops plan`",
    WATCH: "`make watch`, from save to result",
}
"""The tools that read the rendered YAML."""

PAGE = """\
# Benchmark

The time to render N apps, {documents} documents each, and to check them. `make bench` \
measures again and writes this page.

![Seconds over the number of apps, a line for each tool](benchmark.svg)

## Seconds
{seconds}

## Times as long as helm
{ratios}

## Targets
{reach}

## Gate, plan and watch
{gate}

The gate runs kubeconform while it reads the documents itself, each with its line; then it checks \
the policy. `make watch` renders, checks and plans after a save.

## Method
Every figure is the wall time of whole processes from start to end, including the start-up: the \
median of the runs in this table. The tools take turns within one run of the benchmark, so that \
other load on the machine affects all of them. Each tool runs once before it is measured, so that \
it is in memory.

{runs}

- All tools render the same {documents} documents per app, {rendered} in `dist/` and {kept} in \
`argocd/`. After the last round, the documents of every tool are parsed and compared with the \
synthesizer's, at every N; a difference fails the benchmark. The apps are made up: they differ in \
name, host, database and role.
- The synthesizer runs as in `make synth`: `python -O app.py`, in a repository with one file per \
app. From scratch means without `dist/`, `argocd/` and the record of the last run. From about 80 \
apps on, it renders in as many processes as there are processors. A changed app has a new image \
tag.
- Importing cdk8s and cdk8s-plus, `python -O -c "import cdk8s, cdk8s_plus_28"`, on the same \
Node.js, is the minimum start-up of any program that uses them.
- helm runs once per app, one after another, on a chart with one template per document and one \
values file per app.
- kustomize runs once per app, one after another, as `kubectl kustomize`, on that app's own \
complete documents, in which it pins the image. It has the least work of all tools.
- The cost of an additional app excludes the start-up: the difference between two numbers of \
apps, divided by the apps between them.
- The gate runs as `ops gate` on the synthesizer's folders. kubeconform alone runs on the same \
folders, with the gate's arguments.
- `make watch` keeps running during its saves, which are a few seconds apart: the time is from \
before the file is written until the last line of the result is read.

Measured on {machine}, with {versions}.
"""


def text(figures: Figures, load: float, counts: tuple[int, int]) -> str:
    """The whole page; the counts are an app's documents in dist/ and argocd/."""
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
    """Medians, and the time of one more app."""
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
    """The gate, kubeconform as a part of it, the plan, and all of them after a save."""
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
    """The number of runs of each contender, and their spread."""
    rows = [
        [title, *(_spread(figures.runs.get((name, n), [])) for n in SIZES)]
        for name, title in {**TITLES, **READERS}.items()
    ]
    return table(["runs: shortest to longest", *_size_heads()], rows)


def _spread(runs: Sequence[float]) -> str:
    if not runs:
        return NOT_MEASURED
    if len(runs) == 1:
        return f"1: {_formatted(runs[0])}"
    return f"{len(runs)}: {_formatted(min(runs))} to {_formatted(max(runs))}"


def _size_heads(sizes: Iterable[int] = SIZES) -> list[str]:
    return ["1 app" if n == 1 else f"{n:,} apps" for n in sizes]


def _seconds(figures: Figures, name: str, count: int) -> str:
    return _formatted(figures.seconds(name, count)) if figures.has(name, count) else NOT_MEASURED


def _formatted(seconds: float) -> str:
    """Three significant digits; more would be noise."""
    return f"{seconds:#.3g} s".replace(". s", " s")


def _per_app(figures: Figures, name: str, fewer: int, more: int) -> str:
    if not figures.has(name, more):
        return NOT_MEASURED
    return f"{1000 * figures.seconds_per_app(name, fewer, more):.1f} ms"


def _machine(load: float) -> str:
    """The processor, and its load before the benchmark."""
    processor = platform.machine()
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        names = [line for line in facts.read_text().splitlines() if line.startswith("model name")]
        processor = names[0].partition(": ")[2] if names else processor
    return f"{os.cpu_count()} cores of {processor} with a load of {load:.1f} at the start"
