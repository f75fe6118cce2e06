"""An Argo CD Application as Argo CD 3.6 reads it: which files it syncs, and with which options.

Source: gitops-engine/pkg/sync of https://github.com/argoproj/argo-cd/tree/v3.6.1.
"""

from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cached_property
from pathlib import PurePath

from ops.documents.manifest import Manifest
from ops.kinds import RIGHTS
from ops.kinds.application import Application, Automated, Source
from railiance.annotations import CASCADE


@dataclass(frozen=True, eq=False)
class SyncedApplication:
    """An Application, and what follows from its document."""

    manifest: Manifest

    @property
    def name(self) -> str:
        """Its name."""
        return self.manifest.name

    @cached_property
    def _object(self) -> Application:
        return self.manifest.typed(Application)

    def reads(self, path: PurePath) -> bool:
        """Whether a file of the repository is among those that it reads."""
        return any(_reads(source, path) for source in self._object.sources)

    @property
    def is_root(self) -> bool:
        """Whether it reads its own file, and so syncs itself and the others."""
        return self.reads(self.manifest.file)

    @property
    def namespace(self) -> str:
        """Where documents go that name no namespace."""
        return self._object.spec.destination.namespace

    @property
    def options(self) -> list[str]:
        """The sync options for all its documents."""
        return self._object.spec.sync_policy.sync_options

    def option(self, manifest: Manifest, name: str) -> str:
        """The value of an object's option, as `false` of `Prune=false`; its own counts first."""
        for found in (manifest.sync_options, self.options):
            values = [o.partition("=")[2] for o in found if o.startswith(f"{name}=")]
            if values:
                return values[0]
        return ""

    def recreates(self, old: Manifest, new: Manifest) -> bool:
        """Whether an object is deleted and created again where a change of it is refused.

        Force=true alone counts only for a client-side apply; with Replace=true it always does.
        A client-side apply of a role or a binding goes by `kubectl auth reconcile`, which does too.
        """
        forced, replaced = (
            option in [*old.sync_options, *new.sync_options]
            for option in ("Force=true", "Replace=true")
        )
        never = new.entry is not None and new.entry.recreated is None
        by_server = self.option(new, "ServerSideApply") == "true"
        replaced = (replaced or "Replace=true" in self.options) and not never
        return (forced and (replaced or not by_server)) or (new.group == RIGHTS and not by_server)

    @property
    def automated(self) -> Automated | None:
        """The automatic sync's settings; None if a person has to start every sync."""
        found = self._object.spec.sync_policy.automated
        return found if found and found.enabled else None

    @property
    def prunes(self) -> bool:
        """Whether an automatic sync deletes what is no longer rendered."""
        return self.automated is not None and self.automated.prune

    @property
    def cascades(self) -> bool:
        """Whether its objects are deleted together with it."""
        return any(name.startswith(CASCADE) for name in self._object.metadata.finalizers)


def _reads(source: Source, path: PurePath) -> bool:
    folder = PurePath(source.path or ".")
    if source.chart or not path.is_relative_to(folder):
        return False
    below = path.relative_to(folder)
    if len(below.parts) > 1 and not source.directory.recurse:
        return False
    included = fnmatch(str(below), source.directory.include or "*")
    excluded = source.directory.exclude and fnmatch(str(below), source.directory.exclude)
    return included and not excluded
