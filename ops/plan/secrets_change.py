"""The files in secrets/ before and after a change: who can decrypt them, and what they lack.

All of it can be read without a private key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ops.documents.manifest import Manifest
from ops.documents.manifest_files import manifests
from ops.documents.workload import Workload
from ops.errors import OpsError
from ops.plan.obstacles import Obstacle
from ops.plan.revisions import Tree, contents, listed
from ops.secrets.readers import TRAILER, readers_in, stated_for
from ops.secrets.sealed import SUFFIX, keys_in
from ops.secrets.sops import CONFIGURATION

FOLDER = Path("secrets")


@dataclass(frozen=True)
class AddedReader:
    """Somebody who becomes able to decrypt Secrets: .sops.yaml of the base does not name them."""

    reader: str
    files: Sequence[Path]
    """The files in which the reader is added."""

    @property
    def trailer(self) -> str:
        """What acknowledges it in a commit."""
        return f"{TRAILER}: {self.reader}"

    def __str__(self) -> str:
        """The whole sentence."""
        files = ", ".join(map(str, self.files))
        return (
            f"{files}: {self.reader} is added to those who can decrypt Secrets;"
            f" {CONFIGURATION} of the base does not name them"
        )


@dataclass(frozen=True)
class SecretsFiles:
    """The files in secrets/ and .sops.yaml of two states."""

    before: Mapping[Path, bytes]
    after: Mapping[Path, bytes]

    @classmethod
    def between(cls, before: Tree, after: Tree, folder: Path) -> SecretsFiles:
        """Those of two states."""
        return cls(_files(before, folder), _files(after, folder))

    def added_readers(self, trailers: Iterable[tuple[str, str]]) -> list[AddedReader]:
        """Everybody who is added, to a file or to .sops.yaml, and whom no trailer acknowledges."""
        known = {value.strip() for name, value in trailers if name.lower() == TRAILER.lower()}
        rules = self.before.get(CONFIGURATION, b"")
        added: dict[str, list[Path]] = defaultdict(list)
        for path in self._changed:
            for reader in self._readers(path) - stated_for(self._ruled(path), rules):
                added[reader].append(path)
        return [AddedReader(*item) for item in sorted(added.items()) if item[0] not in known]

    def notes(self, rendered: Iterable[Path]) -> Iterator[str]:
        """What else a reviewer should know: who is removed, and files of no rendered app."""
        known = {FOLDER / f"{path.name.partition('.')[0]}{SUFFIX}" for path in rendered}
        for path in (
            path for path in self._changed if path in self.after and path != CONFIGURATION
        ):
            if path not in known:
                yield f"{path}: is no app's, so nothing reads it"
            former = readers_in(self.before.get(path, b""), path)
            for reader in sorted(former - readers_in(self.after[path], path)):
                yield (
                    f"{path}: {reader} can no longer decrypt it, and may have a copy of what it"
                    " held; rotate every value"
                )

    def lacking(self, app: str, documents: Iterable[Manifest]) -> Iterator[Obstacle]:
        """The keys that an app's workloads read and its file, if there is one, does not have."""
        path = FOLDER / f"{app}{SUFFIX}"
        if path not in self.after:
            return
        keys = self._keys(path)
        readers: dict[tuple[str, str], list[str]] = defaultdict(list)
        for manifest in documents:
            for secret, key in Workload(manifest).secret_keys:
                if key not in keys.get(secret, ()):
                    readers[secret, key].append(str(manifest))
        for (secret, key), workloads in readers.items():
            problem = f"lacks {key} of Secret {secret}, without which no pod starts of"
            fix = f"run `ops secrets init --app {app}`, and commit the file"
            yield Obstacle(str(path), f"{problem} {', '.join(sorted(set(workloads)))}", fix)

    @cached_property
    def _changed(self) -> list[Path]:
        paths = sorted({*self.before, *self.after})
        return [path for path in paths if self.before.get(path) != self.after.get(path)]

    def _ruled(self, path: Path) -> Path:
        """A path to which the rule for secrets/ applies."""
        return FOLDER / f"app{SUFFIX}" if path == CONFIGURATION else path

    def _readers(self, path: Path) -> set[str]:
        content = self.after.get(path, b"")
        if path == CONFIGURATION:
            return stated_for(self._ruled(path), content)
        return readers_in(content, path)

    def _keys(self, path: Path) -> Mapping[str, set[str]]:
        try:
            return keys_in(manifests(self.after[path], path))
        except OpsError:  # the gate reports it
            return {}


def _files(tree: Tree, folder: Path) -> Mapping[Path, bytes]:
    if tree.in_work_tree:
        there = [*(folder / FOLDER).rglob(f"*{SUFFIX}"), folder / CONFIGURATION]
        paths = [file.relative_to(folder) for file in there if file.is_file()]
        return contents(tree, paths, folder)
    files = {
        path: blob
        for _, blob, path in listed(tree.commit or tree.name, folder, FOLDER, CONFIGURATION)
        if path == CONFIGURATION or path.name.endswith(SUFFIX)
    }
    return contents(Tree(tree.name, files), list(files), folder)
