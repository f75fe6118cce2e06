"""The result of one check: the type in which preflight, status and smoke report."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from ops.errors import ClusterError


class State(StrEnum):
    """How a thing is."""

    OK = "ok"
    WARNING = "warning"
    """It should be fixed, but does not stop a deploy."""
    IN_PROGRESS = "in progress"
    """Not there yet, but its controller is working on it, and reports a failure."""
    FAILED = "failed"
    UNKNOWN = "unknown"
    """It could not be checked, or its controller has not reported it: that is no pass."""


PASSES = (State.OK, State.WARNING, State.IN_PROGRESS)


@dataclass(frozen=True, kw_only=True)
class Result:
    """One thing, its state, and the evidence."""

    id: str = ""
    what: str = ""
    """What should be, where the id does not say it."""
    state: State
    evidence: str
    """What was seen, or why nothing could be seen; it holds no age, so that it stays the same while
    nothing changes."""
    fix: str = ""
    """What to do; empty if nothing is to be done."""
    since: datetime | None = None
    """Since when it is so, where its age matters."""
    details: Sequence[str] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    """The figures behind the evidence, for a machine."""
    seconds: float | None = None
    """How long it took to find out, where that matters."""
    fixed_by_deploy: bool = False
    """Whether a deploy itself applies what is missing."""

    @property
    def passes(self) -> bool:
        """Whether nobody has to act."""
        return self.state in PASSES

    @property
    def stops_a_deploy(self) -> bool:
        """Whether it stops a deploy, which itself applies some of what is missing."""
        return not (self.passes or self.fixed_by_deploy)


def ok(evidence: str) -> Result:
    """It is as it has to be."""
    return Result(state=State.OK, evidence=evidence)


def warning(evidence: str, fix: str) -> Result:
    """It should be fixed, but does not stop a deploy."""
    return Result(state=State.WARNING, evidence=evidence, fix=fix)


def failed(evidence: str, fix: str, *, fixed_by_deploy: bool = False) -> Result:
    """It is not as it has to be."""
    return Result(state=State.FAILED, evidence=evidence, fix=fix, fixed_by_deploy=fixed_by_deploy)


def unknown(evidence: str, fix: str = "") -> Result:
    """It could not be checked."""
    return Result(state=State.UNKNOWN, evidence=evidence, fix=fix)


def unread(id_: str, error: ClusterError) -> Result:
    """What could not be read from the cluster."""
    return Result(id=id_, state=State.UNKNOWN, evidence=str(error))


def all_pass(results: Sequence[Result]) -> bool:
    """Whether there are results, and nobody has to act on any."""
    return bool(results) and all(result.passes for result in results)


def as_json(about: Mapping[str, str], results: Sequence[Result], indent: int | None = 1) -> str:
    """One JSON object: what the results are about, `passed`, and `results`."""
    answer = {
        **about,
        "passed": all_pass(results),
        "results": [_fields(result) for result in results],
    }
    return json.dumps(answer, indent=indent, ensure_ascii=False)


def _fields(result: Result) -> dict[str, Any]:
    fields = {name.name: getattr(result, name.name) for name in dataclasses.fields(result)}
    since = result.since.isoformat() if result.since else None
    return {**fields, "since": since, "stops_a_deploy": result.stops_a_deploy}


def summary(verb: str, results: Iterable[Result]) -> str:
    """Whether all pass, and how many are in each state."""
    found = list(results)
    counts = {state: sum(result.state is state for result in found) for state in State}
    parts = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    return f"{verb} {'passed' if all_pass(found) else 'failed'}: {parts}"
