"""How a plan is put into words, whatever the medium."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from ops.kinds.description.effect import Effect
from ops.kinds.description.rule import ABSENT
from ops.plan.change import Change, Judged
from ops.plan.difference import Field
from ops.plan.model import AppPlan, Plan
from ops.plan.simulation import Action, Key, Step
from railiance.plaintext import looks_secret, names_secret

LONGEST_VALUE, LONGEST_NAME, LONGEST_NOTE = 250, 200, 1000
HIDDEN = "(hidden)"

ACTIONS = {
    Action.APPLY: "apply",
    Action.HOOK: "run hook",
    Action.REPLACE: "delete the last run of",
    Action.PRUNE: "delete",
    Action.KEEP: "leave",
    Action.CONFIRM: "wait for a person to confirm the deletion of",
    Action.WAIT: "wait for",
    Action.GONE: "wait for the end of",
    Action.CLEAN: "at the end, delete",
}


def plain(text: object, longest: int = LONGEST_NAME) -> str:
    """The text in one line of printable characters, cut where it is too long."""
    shown = "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(text)
    )
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def values(change: Change, judged: Judged) -> tuple[str, str]:
    """A field's old and new value as text; secrets are never shown."""
    if _is_secret(change, judged.field):
        return _or_absent(judged.field.old, HIDDEN), _or_absent(judged.field.new, HIDDEN)
    return _value(judged.field.old), _value(judged.field.new)


def _is_secret(change: Change, field: Field) -> bool:
    of_secret = change.manifest.kind == "Secret" and field.path[0] in ("data", "stringData")
    return of_secret or any(names_secret(segment) for segment in field.path[-2:])


def _or_absent(value: Any, shown: str) -> str:
    return "absent" if value is ABSENT else shown


def _value(value: Any) -> str:
    if value is ABSENT:
        return "absent"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return HIDDEN if looks_secret(text) or _names_a_secret(value) else plain(text, LONGEST_VALUE)


def _names_a_secret(value: Any) -> bool:
    """Whether a branch that comes or goes gives a value to a setting that holds a secret."""
    if isinstance(value, list):
        return any(_names_a_secret(item) for item in value)
    if not isinstance(value, dict):
        return False
    own = names_secret(str(value.get("name", ""))) and "value" in value
    pairs = any(names_secret(str(k)) and isinstance(v, str) for k, v in value.items())
    return own or pairs or any(_names_a_secret(inner) for inner in value.values())


def headline(plan: Plan) -> str:
    """What the change comes to, in one sentence."""
    if not plan.apps:
        return "Nothing happens on the cluster."
    counted = Counter(change.effect for change in plan.changes)
    parts = [f"{effect.words} ({counted[effect]})" for effect in sorted(counted, reverse=True)]
    count = "1 Application" if len(plan.apps) == 1 else f"{len(plan.apps):,} Applications"
    return f"In {count}, objects with: {', '.join(parts)}."


def verdict(plan: Plan) -> str:
    """Whether the change may be merged as it is."""
    if plan.passed:
        look = sum(change.effect is Effect.UNKNOWN for change in plan.changes)
        return f"plan passed; {look} unknown: needs review" if look else "plan passed"
    reasons = {
        "errors in the sync": len(plan.obstacles),
        "refused": len(plan.refused),
        "not acknowledged": len(plan.unacknowledged),
    }
    counts = ", ".join(f"{count} {reason}" for reason, count in reasons.items() if count)
    return f"plan failed: {counts}"


def effects(app: AppPlan) -> str:
    """The classes of an Application's changes, the worst first, each once."""
    found = sorted({change.effect for change in app.changes}, reverse=True)
    return ", ".join(effect.words for effect in found)


@dataclass(frozen=True)
class StageLine:
    """One thing that Argo CD does with one object."""

    action: str
    subject: str
    effect: Effect | None
    """The class of the object's change; None if it does not change."""

    @property
    def is_changed(self) -> bool:
        """Whether the object changes."""
        return self.effect is not None

    @property
    def short(self) -> str:
        """What is done with what, without the namespace, which is the app's."""
        kind, _, name = self.subject.partition(" ")
        return f"{self.action} {kind} {name.rpartition('/')[2]}"


@dataclass(frozen=True)
class Stage:
    """What Argo CD does in one wave of one phase."""

    phase: str
    wave: int
    lines: Sequence[StageLine]

    @property
    def title(self) -> str:
        """Phase and wave."""
        return f"{self.phase}, wave {self.wave}"


def stages(app: AppPlan) -> Iterator[Stage]:
    """The steps of an Application's sync, wave by wave."""
    changed = {change.manifest.key: change.effect for change in app.changes}
    for (phase, wave), steps in groupby(app.steps, lambda step: (step.phase, step.wave)):
        yield Stage(phase, wave, [_line(step, changed) for step in steps])


def _line(step: Step, changed: Mapping[Key, Effect]) -> StageLine:
    return StageLine(ACTIONS[step.action], plain(step), changed.get(step.key))
