"""Everything that visitors notice while an Application syncs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ops.kinds.description.effect import Effect
from ops.plan.change import Change, Comparison, Judged
from ops.plan.requests.interruptions import Interruption, interruptions
from ops.plan.requests.old_and_new_pods import LeftFiles, left_files, old_schema
from ops.plan.simulation import Key, Step


@dataclass(frozen=True)
class Gaps:
    """What visitors notice, and by whose pods."""

    interruptions: Sequence[Interruption]
    files: Sequence[LeftFiles]
    schema: str

    @property
    def notes(self) -> list[str]:
        """Each as a sentence."""
        found = [str(gap) for gap in (*self.interruptions, *self.files)]
        return [*found, self.schema] if self.schema else found

    def counted(self, change: Change) -> Change:
        """A change of pods, which roll with a gap if visitors notice it."""
        reasons = self._of(change.manifest.key)
        if change.effect is not Effect.ROLLS or not reasons:
            return change
        return replace(change, judged=[_with_gap(judged, reasons) for judged in change.judged])

    def _of(self, key: Key) -> list[str]:
        seen = [g for g in self.interruptions if g.trouble.pods and g.trouble.pods.key == key]
        found = [
            f"visitors of {g.host} get {g.trouble.status} for a time, see the note" for g in seen
        ]
        if any(files.workload.key == key for files in self.files):
            found.append("the new pods cannot change the former pods' files, see the note")
        return list(dict.fromkeys(found))


def _with_gap(judged: Judged, reasons: Sequence[str]) -> Judged:
    if judged.effect is not Effect.ROLLS:
        return judged
    return replace(
        judged, effect=Effect.ROLLS_WITH_GAP, reason="; ".join([judged.reason, *reasons])
    )


def gaps_of(comparison: Comparison, steps: Sequence[Step]) -> Gaps:
    """What visitors notice of a sync; nothing if the app is new or removed, or does not sync."""
    live, target = comparison.live, comparison.target
    if comparison.removed or not live or not steps:
        return Gaps([], [], "")
    namespaces = dict.fromkeys(m.namespace for m in live)
    found = [gap for name in namespaces for gap in interruptions(name, live, target, steps)]
    return Gaps(found, list(left_files(live, target)), old_schema(live, target))
