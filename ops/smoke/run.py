"""One visit from the first check to the last, which leaves nothing behind."""

from ops.smoke.check import make
from ops.smoke.checks import CHECKS, entry
from ops.smoke.outcome import Line
from ops.smoke.visit import Visit


def run(visit: Visit) -> list[Line]:
    """Makes all checks; however it ends, the entry that it creates is removed."""
    try:
        return make(CHECKS, visit)
    except BaseException:
        entry.clean_up(visit)
        raise
