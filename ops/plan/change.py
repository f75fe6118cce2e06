"""What happens to each object of an Application, classified by the rules."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property

from ops import kinds
from ops.documents.manifest import Manifest
from ops.kinds.custom_resource_definition import CustomResourceDefinition
from ops.kinds.description.effect import Effect
from ops.kinds.description.kind import Data
from ops.kinds.description.rule import ABSENT, CREATED, DELETED, Rule
from ops.kinds.description.sources import SYNC_WAVES
from ops.kinds.persistent_volume_claim import PersistentVolumeClaim
from ops.plan.difference import MOVED, Field, difference
from ops.plan.rules import LAST, rule_for, rules_of
from ops.plan.simulation import Key
from ops.plan.synced_application import SyncedApplication


@dataclass(frozen=True)
class Judged:
    """One field that differs, or the object as a whole, and what that does."""

    field: Field
    effect: Effect
    reason: str
    source: str = ""


@dataclass(frozen=True)
class Change:
    """What becomes of one object."""

    old: Manifest | None
    new: Manifest | None
    judged: Sequence[Judged]
    covered_by: frozenset[str] = field(default=frozenset())
    """Objects whose acknowledged deletion acknowledges this one's too."""

    @property
    def manifest(self) -> Manifest:
        """The object as it will be; as it was, if it is removed."""
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def worst(self) -> Judged:
        """The worst of all that happens to it, which counts."""
        return max(self.judged, key=lambda judged: judged.effect)

    @property
    def effect(self) -> Effect:
        """The class of the change."""
        return self.worst.effect

    @property
    def fields(self) -> list[Judged]:
        """The fields that differ; none if the object is created, removed, or runs again."""
        return [j for j in self.judged if not j.field.path[0].startswith("(")]

    def __str__(self) -> str:
        """The object, by kind and name."""
        return str(self.manifest)


@dataclass(frozen=True)
class Comparison:
    """An Application's documents before and after."""

    application: SyncedApplication
    live: Sequence[Manifest]
    target: Sequence[Manifest]
    removed: bool = False
    """Whether the Application itself is removed, with its objects."""
    unread: Sequence[str] = ()
    """The files of the base that it reads and that are no manifests: what they hold is unknown."""

    @cached_property
    def live_keys(self) -> Set[Key]:
        """What it has before."""
        return {manifest.key for manifest in self.live}

    @cached_property
    def target_keys(self) -> Set[Key]:
        """What it renders afterwards."""
        return {manifest.key for manifest in self.target}

    def changes(self) -> list[Change]:
        """Every object that something happens to, in the order of the documents."""
        before, after = _by_key(self.live), _by_key(self.target)
        changed = [
            change
            for identity in {**before, **after}
            if (change := self._change(before.get(identity), after.get(identity)))
        ]
        if self.removed:
            return changed
        if self.starts:
            return [*changed, *self._runs_again({change.manifest.key for change in changed})]
        return [_not_run(change) for change in changed] if self.application.automated else changed

    @property
    def starts(self) -> bool:
        """Whether Argo CD finds a difference: what is a hook does not count."""
        before, after = _by_key(_no_hooks(self.live)), _by_key(_no_hooks(self.target))
        goes = bool(before.keys() - after.keys())
        return (
            bool(after.keys() - before.keys())
            or (goes and (self.application.prunes or self.application.automated is None))
            or any(
                difference(before[identity].content, after[identity].content)
                for identity in before.keys() & after.keys()
            )
        )

    def _change(self, old: Manifest | None, new: Manifest | None) -> Change | None:
        if old is None:
            assert new is not None
            return Change(None, new, [self._created(new)])
        if new is None:
            covered = {str(self.application.manifest)} if self.removed else set()
            return Change(old, None, [self._deleted(old)], frozenset(covered))
        fields = difference(old.content, new.content)
        return Change(old, new, [self._judge(old, new, f) for f in fields]) if fields else None

    def _created(self, new: Manifest) -> Judged:
        whole = Field((CREATED,), ABSENT, new)
        if self.unread:
            reason = f"what it is now is unknown: {', '.join(self.unread)} cannot be read"
            return Judged(whole, Effect.UNKNOWN, reason)
        if _holds_data(new) and (former := self._former(new)):
            reason = (
                f"{former} is removed and this one is created: it is new and empty, no data is "
                "moved"
            )
            return Judged(whole, Effect.DATA_AT_RISK, reason)
        rule = rule_for(rules_of(new), whole)
        if rule is None:
            return Judged(
                whole, Effect.UNKNOWN, f"there is no rule for the kind {new.group}/{new.kind}"
            )
        return Judged(whole, rule.effect, _reason(rule, None, new), rule.source)

    def _former(self, new: Manifest) -> Manifest | None:
        """An object of the kind that is removed while this one is created."""
        after = _by_key(self.target)
        gone = (m for m in self.live if m.key not in after)
        return next((m for m in gone if m.entry is new.entry), None)

    def _deleted(self, old: Manifest) -> Judged:
        whole = Field((DELETED,), old, ABSENT)
        if stays := self.stays(old):
            return Judged(whole, Effect.NOTHING, f"{stays}: it stays, and is no longer synced")
        rule = rule_for(LAST if old.is_hook and self.removed else rules_of(old), whole)
        assert rule is not None  # there is one for every kind
        option = self.application.option(old, "Delete" if self.removed else "Prune")
        asks = "; Argo CD asks for a confirmation first" if option == "confirm" else ""
        return Judged(whole, rule.effect, _reason(rule, old, None, _end(old)) + asks, rule.source)

    def stays(self, old: Manifest) -> str:
        """Why the object stays; empty if it is deleted. The options of the live object count."""
        application = self.application
        if self.removed:
            if not application.cascades:
                return "the Application has no finalizer that deletes its objects"
            if old.entry is kinds.by_model(CustomResourceDefinition):
                return "Argo CD does not delete CRDs together with an Application"
            kept = application.option(old, "Delete") == "false"
            return "Delete=false" if kept else ""
        if old.is_hook:
            return ""
        if not application.prunes:
            return "automatic pruning is off"
        return "Prune=false" if application.option(old, "Prune") == "false" else ""

    def _judge(self, old: Manifest, new: Manifest, changed: Field) -> Judged:
        if changed.path[-1] == MOVED and "template" not in changed.path:
            return Judged(changed, Effect.NOTHING, "the order of this list has no effect")
        return max(
            (self._judge_leaf(old, new, changed, leaf) for leaf in changed.leaves()),
            key=lambda judged: judged.effect,
        )

    def _judge_leaf(self, old: Manifest, new: Manifest, whole: Field, leaf: Field) -> Judged:
        rule = rule_for(rules_of(new, old), leaf)
        if rule is None:
            what = f"there is no rule for {leaf} of {old.kind}: review its effect"
            return Judged(whole, Effect.UNKNOWN, what)
        if rule.effect is Effect.ROLLS and new.entry and new.entry.pods and new.entry.pods.rollout:
            effect, how = new.entry.pods.rollout(new.object, self._claims(new.namespace))
            return Judged(whole, effect, _reason(rule, old, new, how, _end(old)), rule.source)
        if rule.effect is Effect.REFUSED and self.application.recreates(old, new):
            reason = f"{rule.reason}; here Argo CD deletes it and creates it again"
            return Judged(whole, _recreated(old), reason, rule.source)
        return Judged(whole, rule.effect, _reason(rule, old, new), rule.source)

    def _claims(self, namespace: str) -> list[PersistentVolumeClaim]:
        entry = kinds.by_model(PersistentVolumeClaim)
        found = [m for m in self.target if m.entry is entry and m.namespace == namespace]
        return [m.typed(PersistentVolumeClaim) for m in found]

    def _runs_again(self, changed: set[Key]) -> Iterator[Change]:
        for manifest in self.target:
            if manifest.is_hook and manifest.key not in changed:
                whole = Field(("(run)",), ABSENT, ABSENT)
                reason = "unchanged; it runs in every sync"
                yield Change(manifest, manifest, [Judged(whole, Effect.MIGRATES, reason)])


def _not_run(change: Change) -> Change:
    """A change of a hook in an Application in which nothing else changes."""
    if change.new is None or not change.new.is_hook:
        return change
    reason = (
        "nothing but hooks changes, and that never starts an automatic sync: it runs as changed "
        "with the next sync, whatever starts it"
    )
    judged = Judged(Field(("(run)",), ABSENT, ABSENT), Effect.NOT_RUN, reason, SYNC_WAVES)
    return replace(change, judged=[*change.judged, judged])


def _reason(rule: Rule, old: Manifest | None, new: Manifest | None, *how: str) -> str:
    """A rule's reason, how pods roll and end, and what the rule says of these objects."""
    before, after = (manifest.object if manifest else None for manifest in (old, new))
    detail = rule.detail(before, after) if rule.detail else ""
    return "; ".join(filter(None, (rule.reason, *how, detail)))


def _end(old: Manifest) -> str:
    """What becomes of what its pods do when they end."""
    return old.entry.pods.ends(old.object) if old.entry and old.entry.pods else ""


def _holds_data(manifest: Manifest) -> bool:
    return manifest.entry is not None and manifest.entry.holds is Data.HOLDS


def _recreated(manifest: Manifest) -> Effect:
    """What it does that an object is deleted and created again."""
    recreated = manifest.entry.recreated if manifest.entry else None
    return Effect.ROLLS_WITH_GAP if recreated is None else recreated


def _by_key(manifests: Sequence[Manifest]) -> Mapping[Key, Manifest]:
    return {manifest.key: manifest for manifest in manifests}


def _no_hooks(manifests: Sequence[Manifest]) -> list[Manifest]:
    return [manifest for manifest in manifests if not manifest.is_hook]
