"""The documents before and after a change, each file parsed once."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from ops import kinds
from ops.documents.manifest import Manifest
from ops.documents.manifest_files import manifests
from ops.errors import ManifestError
from ops.kinds.application import Application
from ops.plan.revisions import Tree, changed, contents
from ops.plan.synced_application import SyncedApplication


class Documents:
    """The documents of both states."""

    def __init__(self, before: Tree, after: Tree, folder: Path) -> None:
        self.before, self.after, self.folder = before, after, folder
        self.changed = changed(before, after)
        self._contents: dict[str, bytes] = {}
        self._parsed: dict[tuple[Path, str], list[Manifest]] = {}
        self.unread: dict[Path, ManifestError] = {}
        """The changed files that are no manifests before the change: what they hold is unknown."""
        self.read(before, self.changed)

    def read(self, tree: Tree, paths: Iterable[Path]) -> list[Manifest]:
        """The documents of those files that a state has.

        Raises ManifestError, with the state's name, for a file that is no manifest after the
        change; one that the change makes a manifest is among `unread`.
        """
        return [m for path in self._there(tree, paths) for m in self._manifests(tree, path)]

    def containing(self, tree: Tree, word: str) -> list[Manifest]:
        """The documents of the files in which a word occurs; the other files are not parsed."""
        paths = self._there(tree, tree.files)
        return self.read(tree, [p for p in paths if word.encode() in self._contents[tree.files[p]]])

    def _there(self, tree: Tree, paths: Iterable[Path]) -> list[Path]:
        """Those files that a state has, with their content read."""
        wanted = sorted(path for path in paths if path in tree.files)
        unread = [path for path in wanted if tree.files[path] not in self._contents]
        for path, content in contents(tree, unread, self.folder).items():
            self._contents[tree.files[path]] = content
        return wanted

    def _manifests(self, tree: Tree, path: Path) -> list[Manifest]:
        blob = tree.files[path]
        if (path, blob) not in self._parsed:
            self._parsed[path, blob] = self._parse(tree, path)
        return self._parsed[path, blob]

    def _parse(self, tree: Tree, path: Path) -> list[Manifest]:
        content = self._contents[tree.files[path]]
        is_mended = tree is self.before and path in self.changed
        try:
            found = list(manifests(content, path))
            if is_mended:
                for manifest in found:
                    manifest.typed(type(manifest.object))
        except ManifestError as error:
            named = (self.before if is_mended else self.after).located(error)
            if not is_mended:
                raise named from error
            self.unread[path] = named
            return []
        return found

    def applications(self, tree: Tree) -> Mapping[str, SyncedApplication]:
        """The Applications that read a changed file, or are in one, by kind and name."""
        entry = kinds.by_model(Application)
        found = {}
        for manifest in self.containing(tree, entry.kind):
            if manifest.entry is entry:
                application = SyncedApplication(manifest)
                is_changed = manifest.file in self.changed
                if is_changed or any(application.reads(path) for path in self.changed):
                    found[str(manifest)] = application
        return found

    def read_by(self, application: SyncedApplication | None, tree: Tree) -> list[Manifest]:
        """What an Application reads; of the root's, only what changes, and itself."""
        if application is None:
            return []
        paths = [path for path in tree.files if application.reads(path)]
        if application.is_root:
            own = application.manifest.file
            paths = [path for path in paths if path in self.changed or path == own]
        return self.read(tree, paths)
