"""How a check ends, when it does not pass."""

from dataclasses import dataclass
from enum import StrEnum

from ops.errors import OpsError


class FailedError(OpsError):
    """The app is not as it should be; the message is the evidence."""


class NotCheckedError(OpsError):
    """The check could not be made, which is no pass; the message says why."""


class State(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One check's result."""

    id: str
    what: str
    """What should be."""
    state: State
    evidence: str
    """What was seen; or why nothing could be seen."""
    mend: str
    """What to do; empty unless it failed."""
    seconds: float
