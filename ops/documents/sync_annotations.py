"""How Argo CD 3.6 reads an object's annotations: options, hooks and waves.

Source: gitops-engine/pkg/sync of https://github.com/argoproj/argo-cd/tree/v3.6.1.
"""

import re
from collections.abc import Mapping
from typing import TypeAlias

from railiance.annotations import HOOK, HOOK_DELETE_POLICY, SYNC_OPTIONS, SYNC_WAVE

Annotations: TypeAlias = Mapping[str, str]

HELM_HOOK, HELM_POLICY, HELM_WEIGHT = (
    f"helm.sh/hook{rest}" for rest in ("", "-delete-policy", "-weight")
)
"""Argo CD takes Helm's hooks for its own."""
HELM_HOOKS = {
    "pre-install": "PreSync",
    "pre-upgrade": "PreSync",
    "post-install": "PostSync",
    "post-upgrade": "PostSync",
}
HELM_POLICIES = {
    "before-hook-creation": "BeforeHookCreation",
    "hook-succeeded": "HookSucceeded",
    "hook-failed": "HookFailed",
}
PHASES = ("PreSync", "Sync", "PostSync", "SyncFail")


def stated_wave(annotations: Annotations, key: str = SYNC_WAVE) -> int | None:
    """The wave, if one is stated that Argo CD can read."""
    text = annotations.get(key, "")
    return int(text) if re.fullmatch(r"[+-]?[0-9]{1,9}", text, re.ASCII) else None


def wave(annotations: Annotations) -> int:
    """The wave in which Argo CD applies the object: the one stated, Helm's weight, or 0."""
    for key in (SYNC_WAVE, HELM_WEIGHT):
        found = stated_wave(annotations, key)
        if found is not None:
            return found
    return 0


def sync_options(annotations: Annotations) -> list[str]:
    """The sync options that the object carries itself."""
    return _listed(annotations, SYNC_OPTIONS)


def is_hook(annotations: Annotations) -> bool:
    """Whether Argo CD runs the object as a hook, instead of syncing it."""
    if HOOK in annotations:
        return not _is_skipped(annotations)
    return annotations.get(HELM_HOOK, "crd-install") != "crd-install"


def phases(annotations: Annotations) -> list[str]:
    """The phases of a sync in which the object is applied; none if it is skipped."""
    if is_hook(annotations):
        return [phase for phase in PHASES if phase in _types(annotations)]
    return [] if _is_skipped(annotations) else ["Sync"]


def delete_policies(annotations: Annotations) -> set[str]:
    """When Argo CD deletes a hook; before the next one is created, if it states nothing."""
    own = set(_listed(annotations, HOOK_DELETE_POLICY)) & set(HELM_POLICIES.values())
    helm = {HELM_POLICIES.get(text) for text in _listed(annotations, HELM_POLICY)}
    return own | {policy for policy in helm if policy} or {"BeforeHookCreation"}


def remains(annotations: Annotations) -> bool:
    """Whether the object is there once a sync has succeeded."""
    if is_hook(annotations) and "HookSucceeded" in delete_policies(annotations):
        return False
    return phases(annotations) not in ([], ["SyncFail"])


def _is_skipped(annotations: Annotations) -> bool:
    return set(_types(annotations)) == {"Skip"}


def _types(annotations: Annotations) -> list[str]:
    """The hook's types that are known; Helm's count only if Argo CD's own name none."""
    known = (*PHASES, "PreDelete", "PostDelete", "Skip")
    own = [text for text in _listed(annotations, HOOK) if text in known]
    helm = [HELM_HOOKS[text] for text in _listed(annotations, HELM_HOOK) if text in HELM_HOOKS]
    return own or helm


def _listed(annotations: Annotations, key: str) -> list[str]:
    texts = annotations.get(key, "").split(",")
    return [text.strip() for text in texts if text.strip()]
