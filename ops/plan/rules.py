"""What a change does, by kind and field, each rule with where it is known from.

The rules of a kind are in its entry; here are those of every kind, and of objects that Argo CD
replaces. The first that fits counts. What no rule fits is unknown, and never silently harmless.
"""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

from ops.documents.manifest import Manifest
from ops.kinds.description.effect import Effect
from ops.kinds.description.kind import Data
from ops.kinds.description.rule import CREATED, DELETED, Pattern, Rule, When
from ops.kinds.description.sources import (
    ANNOTATIONS,
    API_VERSIONS,
    AUTOMATED_SYNC,
    CONCEPTS,
    LABELS,
    SYNC_OPTIONS,
    SYNC_WAVES,
)
from ops.plan.difference import Field


def _keeps_less(*options: str) -> When:
    return lambda old, new: any(o in str(old) and o not in str(new) for o in options)


OF_DATA = (
    Rule(
        "metadata.annotations|argocd.argoproj.io/sync-options",
        Effect.DATA_AT_RISK,
        "pruned from now on when its document is removed: Prune=false or Prune=confirm is removed",
        f"{SYNC_OPTIONS}#no-prune-resources",
        _keeps_less("Prune=false", "Prune=confirm"),
    ),
    Rule(
        "metadata.annotations|argocd.argoproj.io/sync-options",
        Effect.DATA_AT_RISK,
        "deleted from now on with its Application: Delete=false or Delete=confirm is removed",
        f"{SYNC_OPTIONS}#no-resource-deletion",
        _keeps_less("Delete=false", "Delete=confirm"),
    ),
)
"""Of kinds that hold data."""
FIRST = (
    Rule(
        "metadata.annotations|argocd.argoproj.io/hook",
        Effect.UNKNOWN,
        "it becomes a hook or stops being one: a hook is neither compared nor pruned",
        SYNC_WAVES,
    ),
    Rule(
        "metadata.annotations|argocd.argoproj.io/sync-wave"
        " metadata.annotations|argocd.argoproj.io/hook-delete-policy",
        Effect.IN_PLACE,
        "from now on Argo CD applies or deletes it at another point of the sync",
        SYNC_WAVES,
    ),
    Rule(
        "metadata.annotations|argocd.argoproj.io/sync-options",
        Effect.DATA_AT_RISK,
        "with Force, Argo CD deletes it and creates it again where a change is refused, if "
        "Replace or client-side apply is also set",
        f"{SYNC_OPTIONS}#force-sync",
        lambda _old, new: "Force=true" in str(new),
    ),
    Rule(
        "metadata.annotations|argocd.argoproj.io/*",
        Effect.IN_PLACE,
        "changes how Argo CD handles it, from the next sync on",
        SYNC_OPTIONS,
    ),
    Rule(
        "metadata.annotations|silence.railiance.io/* metadata.annotations|platform.railiance.io/*"
        " metadata.annotations|railiance.io/* metadata.annotations|app.railiance.io/*",
        Effect.NOTHING,
        "a note for the gate and the operator's tool; nothing on the cluster reads it",
        ANNOTATIONS,
    ),
)
"""Of every kind, before its own."""
HOOK = (
    Rule(CREATED, Effect.MIGRATES, "it runs in this sync and in every later one", SYNC_WAVES),
    Rule(
        DELETED,
        Effect.NOTHING,
        "Argo CD never prunes a hook: its last run stays, and it does not run again",
        SYNC_WAVES,
    ),
    Rule(
        "apiVersion metadata spec",
        Effect.MIGRATES,
        "its last run is deleted, and it runs again as changed",
        SYNC_WAVES,
    ),
)
"""Of an object that Argo CD replaces and runs with each sync, instead of its kind's own."""
IMMUTABLE = (
    Rule(
        "immutable data binaryData stringData",
        Effect.REFUSED,
        "its field `immutable` is true",
        f"{CONCEPTS}configuration/configmap/#configmap-immutable",
    ),
)
"""Of a ConfigMap or Secret whose field `immutable` is true, instead of its kind's own."""
LAST = (
    Rule(
        DELETED, Effect.DELETED, "it is no longer rendered", f"{AUTOMATED_SYNC}#automatic-pruning"
    ),
    Rule(
        "apiVersion",
        Effect.IN_PLACE,
        "the same object, written in another version of its API",
        API_VERSIONS,
    ),
    Rule(
        "metadata.labels",
        Effect.IN_PLACE,
        "the object's own labels; selectors of other objects may start or stop matching it",
        LABELS,
    ),
    Rule(
        "metadata.annotations|app.kubernetes.io/* metadata.annotations|kubernetes.io/description"
        " metadata.annotations|controller-gen.kubebuilder.io/version",
        Effect.NOTHING,
        "a description; nothing on the cluster reads it",
        ANNOTATIONS,
    ),
)
"""Of every kind, after its own."""


def rules_of(manifest: Manifest, former: Manifest | None = None) -> Sequence[Rule]:
    """The rules for an object; `former` is what was there before, if anything was."""
    was_there = former is not None and former.remains
    if manifest.is_hook and (not was_there or "BeforeHookCreation" in manifest.delete_policies):
        return (*FIRST, *HOOK, *LAST)
    if (former or manifest).content.get("immutable") is True:
        return (*FIRST, *IMMUTABLE, *LAST)
    if manifest.entry is None:
        return (*FIRST, *LAST)
    of_data = () if manifest.entry.holds is Data.NONE else OF_DATA
    return (*of_data, *FIRST, *manifest.entry.changes, *LAST)


def rule_for(rules: Sequence[Rule], changed: Field) -> Rule | None:
    """The first rule that fits a single field, or None: unknown."""
    shape = changed.shape
    for rule in rules:
        if any(_fits(shape, pattern) for pattern in rule.patterns) and (
            rule.when is None or rule.when(_value(changed.old), _value(changed.new))
        ):
            return rule
    return None


def _value(side: Any) -> Any:
    return side.object if isinstance(side, Manifest) else side


def _fits(shape: tuple[str, ...], pattern: Pattern) -> bool:
    path, key = pattern
    if shape[: len(path)] != path:
        return False
    return key is None or (len(shape) > len(path) and fnmatchcase(shape[len(path)], key))
