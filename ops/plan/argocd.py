"""How Argo CD 3.6 reads documents: options, hooks, waves, and what an Application reads.

Source: gitops-engine/pkg/sync of https://github.com/argoproj/argo-cd/tree/v3.6.1.
"""

import re
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cached_property
from pathlib import PurePath
from typing import Any

from ops.manifests import Manifest

PREFIX = "argocd.argoproj.io/"
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
NEVER_RECREATED = {
    ("", "Namespace"),
    ("apiextensions.k8s.io", "CustomResourceDefinition"),
}
"""What Argo CD updates where it would replace another kind."""
RIGHTS = "rbac.authorization.k8s.io"
FINALIZER = "resources-finalizer.argocd.argoproj.io"


def _listed(manifest: Manifest, annotation: str) -> list[str]:
    texts = manifest.annotations.get(annotation, "").split(",")
    return [text.strip() for text in texts if text.strip()]


def options(manifest: Manifest) -> list[str]:
    """The sync options that an object carries itself."""
    return _listed(manifest, f"{PREFIX}sync-options")


def is_hook(manifest: Manifest) -> bool:
    """Whether Argo CD runs the object as a hook, instead of keeping it true."""
    if f"{PREFIX}hook" in manifest.annotations:
        return not _is_skipped(manifest)
    return manifest.annotations.get("helm.sh/hook", "crd-install") != "crd-install"


def phases(manifest: Manifest) -> list[str]:
    """The phases of a sync in which the object is applied; none if it is skipped."""
    if is_hook(manifest):
        return [phase for phase in PHASES if phase in _types(manifest)]
    return [] if _is_skipped(manifest) else ["Sync"]


def _is_skipped(manifest: Manifest) -> bool:
    return set(_types(manifest)) == {"Skip"}


def _types(manifest: Manifest) -> list[str]:
    """The hook's types that are known; Helm's count only if Argo CD's own name none."""
    known = (*PHASES, "PreDelete", "PostDelete", "Skip")
    own = [text for text in _listed(manifest, f"{PREFIX}hook") if text in known]
    helm = [HELM_HOOKS[text] for text in _listed(manifest, "helm.sh/hook") if text in HELM_HOOKS]
    return own or helm


def delete_policies(manifest: Manifest) -> set[str]:
    """When Argo CD deletes a hook; before the next one is created, if it says nothing."""
    own = set(_listed(manifest, f"{PREFIX}hook-delete-policy")) & set(HELM_POLICIES.values())
    helm = {HELM_POLICIES.get(text) for text in _listed(manifest, "helm.sh/hook-delete-policy")}
    return own | {policy for policy in helm if policy} or {"BeforeHookCreation"}


def remains(manifest: Manifest) -> bool:
    """Whether the object is there once a sync has succeeded."""
    if is_hook(manifest) and "HookSucceeded" in delete_policies(manifest):
        return False
    return phases(manifest) not in ([], ["SyncFail"])


def wave(manifest: Manifest) -> int:
    """The wave, 0 if the object says none that can be read."""
    for annotation in (f"{PREFIX}sync-wave", "helm.sh/hook-weight"):
        text = manifest.annotations.get(annotation, "")
        if re.fullmatch(r"[+-]?[0-9]{1,9}", text, re.ASCII):
            return int(text)
    return 0


@dataclass(frozen=True, eq=False)
class Application:
    """An Argo CD Application."""

    manifest: Manifest

    @property
    def name(self) -> str:
        """Its name."""
        return self.manifest.name

    @cached_property
    def sources(self) -> list[dict[str, Any]]:
        """Where it reads documents."""
        spec = self.manifest.spec
        if not isinstance(spec, dict):
            return []
        found = spec.get("sources") or [spec.get("source")]
        sources = found if isinstance(found, list) else []
        return [source for source in sources if isinstance(source, dict)]

    def reads(self, path: PurePath) -> bool:
        """Whether a file of the repository is among those that it reads."""
        return any(_reads(source, path) for source in self.sources)

    @property
    def is_root(self) -> bool:
        """Whether it reads the file that it stands in, and so keeps itself and the others true."""
        return self.reads(self.manifest.file)

    @property
    def namespace(self) -> str:
        """Where documents go that name no namespace."""
        return str((self.manifest.spec.get("destination") or {}).get("namespace") or "")

    @cached_property
    def _policy(self) -> dict[str, Any]:
        return self.manifest.spec.get("syncPolicy") or {}

    @cached_property
    def options(self) -> list[str]:
        """The sync options for all its documents."""
        return [str(option) for option in self._policy.get("syncOptions") or []]

    def option(self, manifest: Manifest, name: str) -> str:
        """What an object's option says, such as `false` of `Prune=false`; its own counts first."""
        for found in (options(manifest), self.options):
            values = [o.partition("=")[2] for o in found if o.startswith(f"{name}=")]
            if values:
                return values[0]
        return ""

    def recreates(self, old: Manifest, new: Manifest) -> bool:
        """Whether an object is deleted and created anew where a change of it is refused.

        Force=true alone counts only for a client-side apply; with Replace=true it always does.
        A client-side apply of a role or a binding goes by `kubectl auth reconcile`, which does too.
        """
        forced, replaced = (
            option in [*options(old), *options(new)] for option in ("Force=true", "Replace=true")
        )
        kept = (new.group, new.kind) in NEVER_RECREATED
        by_server = self.option(new, "ServerSideApply") == "true"
        replaced = (replaced or "Replace=true" in self.options) and not kept
        return (forced and (replaced or not by_server)) or (new.group == RIGHTS and not by_server)

    @property
    def automated(self) -> dict[str, Any] | None:
        """The automatic sync's settings; None if a person has to start every sync."""
        found = self._policy.get("automated")
        on = isinstance(found, dict) and found.get("enabled", True)
        return found if on else None

    @property
    def prunes(self) -> bool:
        """Whether an automatic sync deletes what is no longer rendered."""
        return bool((self.automated or {}).get("prune"))

    @property
    def cascades(self) -> bool:
        """Whether its objects are deleted together with it."""
        finalizers = self.manifest.content["metadata"].get("finalizers") or []
        return any(str(finalizer).startswith(FINALIZER) for finalizer in finalizers)


def _reads(source: dict[str, Any], path: PurePath) -> bool:
    folder = PurePath(str(source.get("path") or "."))
    if "chart" in source or not path.is_relative_to(folder):
        return False
    directory = source.get("directory")
    directory = directory if isinstance(directory, dict) else {}
    below = path.relative_to(folder)
    if len(below.parts) > 1 and not directory.get("recurse"):
        return False
    included = fnmatch(str(below), str(directory.get("include") or "*"))
    excluded = directory.get("exclude") and fnmatch(str(below), str(directory["exclude"]))
    return included and not excluded
