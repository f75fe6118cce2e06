"""Writes what a run has measured as a page for people, with its plot."""

from __future__ import annotations

import os
import platform
from collections import Counter
from typing import TYPE_CHECKING

from ops.files import replace
from tools.bench import installed
from tools.markdown import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tests.rehearse.figures import Figures, Line
    from tests.rehearse.visitors import Request

PAGE = """\
# What was rehearsed

`make rehearse` runs everything for real on one machine, and writes this page: the committed \
constructs, Argo CD, a node with containers, CloudNativePG with PostgreSQL, Traefik, cert-manager \
with an ACME server, and [a stand-in for the app](box.md). Of what is rendered only the image, the \
secrets, the node's public address and the class of volumes differ from production; \
[what that does not prove](box.md#what-it-does-not-prove).

## Rehearsals
{lines}

The time s is from the operator's first command, or from what went wrong, until the site was well \
again. Failed is a request for the health page, which asks the database, that is answered \
otherwise than with 200, or not at all. The outage lasts from the first failed request to the \
first that succeeded after the last failed one. Saved is what the site said to be saved, by a \
person who saves something twice a second; unsaved how often it could not be, and for how many \
seconds. Lost is what was saved and not listed afterwards. That nobody sees a rotation of the \
database password is the doing of \
[the stand-in's connection pool](how-to/secrets.md#an-app-of-which-a-rotation-is-not-seen).

## A new image under load
![Requests a second, answered and failed, while the new image rolls, and back](rehearsal.svg)

## From a commit to healthy
{times}

The further app is the same documents each time, from nothing, its image on the node already. \
`kubectl apply` gives all of them at once and waits for nothing: the pods wait for the migration \
by themselves, but the host is open before its certificate is issued. Argo CD pauses for 1 s after \
each wave here, for 2 s by default.

Measured on {machine}, in {minutes} minutes, the tests of node and platform included.
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
