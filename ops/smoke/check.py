"""What a check is, and how all of them are made."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ops.errors import OpsError
from ops.smoke.outcome import FailedError, Line, NotCheckedError, State
from ops.smoke.plan import Pages
from ops.smoke.visit import Visit


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that should be, and the function that looks."""

    id: str
    what: str
    mend: str
    needs: tuple[str, ...]
    """The checks that must have passed before this one can be made."""
    applies: Callable[[Pages], bool]
    look: Callable[[Visit], str]
    """The evidence that it is so; FailedError if it is not, NotCheckedError if nobody can say."""


def check(
    id: str,  # noqa: A002 (the field's own word)
    what: str,
    *,
    mend: str,
    needs: tuple[str, ...] = (),
    applies: Callable[[Pages], bool] = lambda _: True,
) -> Callable[[Callable[[Visit], str]], Check]:
    """Makes the decorated function a check."""

    def made(look: Callable[[Visit], str]) -> Check:
        return Check(id=id, what=what, mend=mend, needs=needs, applies=applies, look=look)

    return made


def make(checks: Iterable[Check], visit: Visit) -> list[Line]:
    """Makes all checks that apply, each whatever became of those before."""
    lines: dict[str, Line] = {}
    for one in checks:
        if one.applies(visit.plan.pages):
            lines[one.id] = _line(one, visit, lines)
    return list(lines.values())


def _line(one: Check, visit: Visit, lines: dict[str, Line]) -> Line:
    start = time.monotonic()
    state, evidence = _result(one, visit, lines)
    return Line(
        id=one.id,
        what=one.what,
        state=state,
        evidence=visit.redacted(evidence),
        mend=one.mend if state is State.FAILED else "",
        seconds=round(time.monotonic() - start, 3),
    )


def _result(one: Check, visit: Visit, lines: dict[str, Line]) -> tuple[State, str]:
    for need in one.needs:
        if lines[need].state is not State.PASSED:
            return State.NOT_CHECKED, f"{need} has not passed"
    try:
        return State.PASSED, one.look(visit)
    except NotCheckedError as error:
        return State.NOT_CHECKED, str(error)
    except FailedError as error:
        return State.FAILED, str(error)
    except OpsError as error:
        return State.NOT_CHECKED, str(error)
