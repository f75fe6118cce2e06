"""One visit from the first check to the last, which leaves nothing behind."""

from ops.smoke.check import make
from ops.smoke.checks import CHECKS, entry
from ops.smoke.outcome import Line, State
from ops.smoke.visit import Visit


def run(visit: Visit) -> list[Line]:
    """Makes all checks; however it ends, the entry that it creates is removed."""
    try:
        lines = make(CHECKS, visit)
    except BaseException:
        entry.clean_up(visit, "interrupted")
        raise
    if any(line.id == entry.remove.id and line.state is State.NOT_CHECKED for line in lines):
        entry.clean_up(visit, "not removed by its check")
    return lines
