"""What a check is, and how all of them are made."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ops.errors import OpsError
from ops.results.result import Result, State
from ops.results.table import printable
from ops.smoke.outcome import FailedError, NotCheckedError
from ops.smoke.target import Target
from ops.smoke.visit import Visit


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that should be, and the function that looks."""

    id: str
    what: str
    fix: str
    needs: tuple[str, ...]
    """The checks that must have passed before this one can be made."""
    applies: Callable[[Target], bool]
    look: Callable[[Visit], str]
    """The evidence that it is so; FailedError if it is not, NotCheckedError if nobody can say."""


def check(
    id: str,  # noqa: A002 (the field's own word)
    what: str,
    *,
    fix: str,
    needs: tuple[str, ...] = (),
    applies: Callable[[Target], bool] = lambda _: True,
) -> Callable[[Callable[[Visit], str]], Check]:
    """Makes the decorated function a check."""

    def made(look: Callable[[Visit], str]) -> Check:
        return Check(id=id, what=what, fix=fix, needs=needs, applies=applies, look=look)

    return made


def make(checks: Iterable[Check], visit: Visit) -> list[Result]:
    """Makes all checks that apply, each whatever became of those before."""
    results: dict[str, Result] = {}
    for check in checks:
        if check.applies(visit.plan):
            results[check.id] = _result(check, visit, results)
    return list(results.values())


def _result(check: Check, visit: Visit, results: Mapping[str, Result]) -> Result:
    start = time.monotonic()
    state, evidence = _outcome(check, visit, results)
    return Result(
        id=check.id,
        what=check.what,
        state=state,
        evidence=printable(visit.redacted(evidence)),
        fix=check.fix if state is State.FAILED else "",
        seconds=round(time.monotonic() - start, 3),
    )


def _outcome(check: Check, visit: Visit, results: Mapping[str, Result]) -> tuple[State, str]:
    for need in check.needs:
        if results[need].state is not State.OK:
            return State.UNKNOWN, f"{need} has not passed"
    try:
        return State.OK, check.look(visit)
    except NotCheckedError as error:
        return State.UNKNOWN, str(error)
    except FailedError as error:
        return State.FAILED, str(error)
    except OpsError as error:
        return State.UNKNOWN, str(error)
