"""What becomes of each object of an Application, judged by the table of rules."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ops.manifests import Manifest
from ops.plan.argocd import RIGHTS, Application, is_hook
from ops.plan.difference import ABSENT, MOVED, Field, difference
from ops.plan.effects import Effect
from ops.plan.rollout import rollout
from ops.plan.rules import OBJECT_CREATED, OBJECT_DELETED, kind_of, rule_for
from ops.plan.sync import Key, key

HOLDS_DATA = frozenset(
    {
        ("", "PersistentVolumeClaim"),
        ("", "PersistentVolume"),
        ("postgresql.cnpg.io", "Database"),
        ("postgresql.cnpg.io", "Cluster"),
    }
)


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
        """The object as it will be; as it was, if it goes."""
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def worst(self) -> Judged:
        """What counts: the worst of all that happens to it."""
        return max(self.judged, key=lambda judged: judged.effect)

    @property
    def effect(self) -> Effect:
        """The class of the change."""
        return self.worst.effect

    @property
    def fields(self) -> list[Judged]:
        """The fields that differ; none if the object comes, goes, or runs again."""
        return [j for j in self.judged if not j.field.path[0].startswith("(")]

    def __str__(self) -> str:
        """The object, as people speak of it."""
        return str(self.manifest)


@dataclass(frozen=True)
class Comparison:
    """An Application's documents before and after."""

    application: Application
    live: Sequence[Manifest]
    target: Sequence[Manifest]
    removed: bool = False
    """Whether the Application itself goes, and takes its objects along."""

    def changes(self) -> list[Change]:
        """Every object that something happens to, in the order of the documents."""
        before, after = _by_key(self.live), _by_key(self.target)
        changed = [
            change
            for identity in {**before, **after}
            if (change := self._change(before.get(identity), after.get(identity)))
        ]
        if self.starts and not self.removed:
            changed += self._runs_again({key(change.manifest) for change in changed})
        return changed

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
        whole = Field((OBJECT_CREATED,), ABSENT, ABSENT)
        if (new.group, new.kind) in HOLDS_DATA and (former := self._former(new)):
            reason = f"{former} goes while this one comes: it is new and empty, nothing moves over"
            return Judged(whole, Effect.DATA_AT_RISK, reason)
        rule = rule_for(kind_of(new), whole)
        if rule is None:
            return Judged(whole, Effect.UNKNOWN, f"no rule knows the kind {new.group}/{new.kind}")
        return Judged(whole, rule.effect, rule.reason, rule.source)

    def _former(self, new: Manifest) -> Manifest | None:
        """An object of the kind that goes while this one comes."""
        after = _by_key(self.target)
        gone = (m for m in self.live if key(m) not in after)
        return next((m for m in gone if (m.group, m.kind) == (new.group, new.kind)), None)

    def _deleted(self, old: Manifest) -> Judged:
        whole = Field((OBJECT_DELETED,), ABSENT, ABSENT)
        if stays := self._stays(old):
            return Judged(whole, Effect.NOTHING, f"{stays}: it stays, and nobody keeps it true")
        rule = rule_for("*" if is_hook(old) and self.removed else kind_of(old), whole)
        assert rule is not None  # the table has a row for any kind
        option = self.application.option(old, "Delete" if self.removed else "Prune")
        asks = "; Argo CD asks for a confirmation first" if option == "confirm" else ""
        return Judged(whole, rule.effect, rule.reason + asks, rule.source)

    def _stays(self, old: Manifest) -> str:
        """Why the object stays; empty if it goes. The options of the live object count."""
        application = self.application
        if self.removed:
            if not application.cascades:
                return "the Application has no finalizer that deletes its objects"
            if old.kind == "CustomResourceDefinition":
                return "Argo CD deletes no definition of a kind together with an Application"
            kept = application.option(old, "Delete") == "false"
            return "Delete=false" if kept else ""
        if is_hook(old):
            return ""
        if not application.prunes:
            return "automatic pruning is off"
        return "Prune=false" if application.option(old, "Prune") == "false" else ""

    def _judge(self, old: Manifest, new: Manifest, changed: Field) -> Judged:
        if changed.path[-1] == MOVED and "template" not in changed.path:
            return Judged(changed, Effect.NOTHING, "the order means nothing here")
        return max(
            (self._judge_leaf(old, new, changed, leaf) for leaf in changed.leaves()),
            key=lambda judged: judged.effect,
        )

    def _judge_leaf(self, old: Manifest, new: Manifest, whole: Field, leaf: Field) -> Judged:
        rule = rule_for(kind_of(new, old), leaf)
        if rule is None:
            what = f"no rule knows {leaf} of {old.kind}: look up what it does"
            return Judged(whole, Effect.UNKNOWN, what)
        if rule.effect is Effect.ROLLS:
            effect, how = rollout(new, self._claims(new.namespace))
            return Judged(whole, effect, f"{rule.reason}; {how}", rule.source)
        if rule.effect is Effect.REFUSED and self.application.recreates(old, new):
            reason = f"{rule.reason}; here Argo CD deletes it and creates it anew"
            return Judged(whole, _anew(old), reason, rule.source)
        return Judged(whole, rule.effect, rule.reason, rule.source)

    def _claims(self, namespace: str) -> dict[str, Manifest]:
        return {
            m.name: m
            for m in self.target
            if (m.kind, m.namespace) == ("PersistentVolumeClaim", namespace)
        }

    def _runs_again(self, changed: set[Key]) -> Iterator[Change]:
        for manifest in self.target:
            if is_hook(manifest) and key(manifest) not in changed:
                whole = Field(("(run)",), ABSENT, ABSENT)
                reason = "unchanged; it runs with every sync"
                yield Change(manifest, manifest, [Judged(whole, Effect.MIGRATES, reason)])


def _anew(manifest: Manifest) -> Effect:
    """What it does that an object is deleted and created."""
    if (manifest.group, manifest.kind) in HOLDS_DATA:
        return Effect.DATA_AT_RISK
    if manifest.group == RIGHTS:
        return Effect.EXPOSES
    return Effect.MIGRATES if manifest.kind == "Job" else Effect.ROLLS_WITH_GAP


def _by_key(manifests: Sequence[Manifest]) -> Mapping[Key, Manifest]:
    return {key(manifest): manifest for manifest in manifests}


def _no_hooks(manifests: Sequence[Manifest]) -> list[Manifest]:
    return [manifest for manifest in manifests if not is_hook(manifest)]
