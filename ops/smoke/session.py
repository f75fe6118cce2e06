"""One visit from the first check to the last, which leaves nothing behind."""

from ops.results.result import Result, State
from ops.smoke.checking import make
from ops.smoke.checks import CHECKS, entry, maintenance
from ops.smoke.visit import Visit


def run(visit: Visit) -> list[Result]:
    """Makes all checks; however it ends, the entry that it creates is removed.

    During maintenance nothing but the page can be visited, and that never passes.
    """
    try:
        results = make([maintenance.page] if visit.plan.is_maintained else CHECKS, visit)
    except BaseException:
        entry.clean_up(visit, "interrupted")
        raise
    if any(r.id == entry.remove.id and r.state is State.UNKNOWN for r in results):
        entry.clean_up(visit, "not removed by its check")
    return results
