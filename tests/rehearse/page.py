"""Writes what a run has measured as a page for people, with its plot."""

from __future__ import annotations

import os
import platform
from collections import Counter
from typing import TYPE_CHECKING

from ops.host.files import replace
from tools.bench import installed
from tools.markdown import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tests.rehearse.figures import Figures, Line
    from tests.rehearse.visitors import Request

PAGE = """\
# What was rehearsed

`make rehearse` runs the committed constructs on one machine, with real components, and writes \
this page: Argo CD, a node with containers, CloudNativePG with PostgreSQL, Traefik, cert-manager \
with an ACME server, and [a stand-in for the app](box.md). Of the rendered YAML only the image, \
the secrets, the node's public address and the StorageClass differ from production; [what that \
does not prove](box.md#what-it-does-not-prove).

## Rehearsals
{lines}

The column s is the time from the operator's first command, or from the fault, until the site was \
healthy again. A failed request is one for the health page, which queries the database, that did \
not get a 200. The outage lasts from the first failed request to the first successful one after \
the last failed one. Saved counts what the site reported as saved, by a person who saves \
something twice a second; unsaved, how often that failed, and for how many seconds. Lost counts \
what was saved and not listed afterwards. The rotation of the database password causes no errors \
because of [the stand-in's connection \
pool](how-to/secrets.md#rotate-the-database-password-without-errors).

## A new image under load
![Requests per second, answered and failed, during the rollout of a new image and \
back](rehearsal.svg)

## From a commit to healthy
{times}

The further app is installed from nothing each time, from the same documents; its image is on the \
node already. `kubectl apply` applies all of them at once and waits for nothing: the pods wait \
for the migration themselves, but the host is open before its certificate is issued. Argo CD \
pauses for 1 s after each wave here, for 2 s by default.

Measured on {machine}, in {minutes} minutes, including the tests of node and platform.
"""


def write(figures: Figures, folder: Path) -> None:
    """Write rehearsal.md and rehearsal.svg into a folder."""
    replace(folder / "rehearsal.md", text(figures).encode())
    replace(folder / "rehearsal.svg", plot(figures).encode())


def text(figures: Figures) -> str:
    """The whole page."""
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    lines = sorted(figures.lines, key=lambda line: line.number)
    visited = "sent", "failed", "outage, s", "slowest, s"
    written = "saved", "unsaved", "for, s", "lost"
    heads = "", "rehearsal", "s", *visited, *written, "what a user saw"
    return PAGE.format(
        lines=table(heads, map(cells, lines)),
        times=table(("by", "s"), ((by, f"{seconds:.1f}") for by, seconds in figures.times.items())),
        machine=machine,
        minutes=round(figures.seconds / 60),
    )


def cells(line: Line) -> Sequence[str]:
    """A rehearsal's line of the table."""
    visited = (
        f"{line.sent:,}",
        f"{line.failed:,}",
        _one(line.outage_seconds),
        _one(line.slowest_seconds),
    )
    written = str(line.saved), str(line.unsaved), _one(line.unsaved_seconds), str(line.lost)
    nobody = [""] * len(visited)
    counted = *(visited if line.sent else nobody), *(written if line.saved else nobody)
    return str(line.number), line.title, f"{line.seconds:.0f}", *counted, line.seen


def _one(seconds: float) -> str:
    return f"{seconds:.1f}"


def plot(figures: Figures) -> str:
    """Requests a second over time, for each roll, as SVG without scripts."""
    pygal = installed.pygal()
    chart = pygal.XY(
        title="Requests a second while a new image rolls, and back",
        x_title="seconds",
        legend_at_bottom=True,
        show_dots=False,
        width=860,
        height=520,
        js=(),
        style=pygal.style.Style(background="white", plot_background="white"),
    )
    chart.uuid = "rehearsal"  # at random otherwise, in every rule of the style sheet
    for at_a_time, requests in figures.rolls.items():
        who = f"visitors at a time: {at_a_time}"
        chart.add(f"{who}, answered", per_second(r for r in requests if not r.failed))
        chart.add(f"{who}, failed", per_second(r for r in requests if r.failed))
    return str(chart.render(is_unicode=True)) + "\n"


def per_second(requests: Iterable[Request]) -> list[tuple[int, int]]:
    """How many requests ended in each second."""
    ended = Counter(int(request.end) for request in requests)
    return [(second, ended[second]) for second in range(max(ended, default=-1) + 1)]
