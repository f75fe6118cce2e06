"""`python -m tools.bench` measures and writes docs/benchmark.md and docs/benchmark.svg.

The exit code is 0 whatever the figures are: a missed target is not a failure.
"""

import os
import sys
import tempfile
from pathlib import Path

from tools.bench import installed, page, plot
from tools.bench.contenders import contenders
from tools.bench.errors import BenchError
from tools.bench.measure import measure
from tools.bench.progress import Progress
from tools.bench.workshop import Workshop

DOCS = Path("docs")


def main() -> int:
    """Returns 0, or 1 with an error on standard error if the measurement fails."""
    try:
        installed.check()
        load, _, _ = os.getloadavg()
        with tempfile.TemporaryDirectory(prefix="bench-") as folder, Progress() as progress:
            work = Workshop(Path(folder))
            figures = measure(work, contenders(work), progress)
            counts = work.documents_per_app()
        text, plotted = page.text(figures, load, counts), plot.draw(figures)
        DOCS.mkdir(exist_ok=True)
        (DOCS / "benchmark.md").write_text(text)
        (DOCS / "benchmark.svg").write_text(plotted)
    except BenchError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    tables = (page.seconds_table, page.gate_table, page.reach_table)
    print(*(table(figures) for table in tables), sep="\n\n")
    print(f"\nwritten: {DOCS}/benchmark.md, {DOCS}/benchmark.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main())
