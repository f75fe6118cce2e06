"""Detects saves of the files that the result depends on."""

from collections.abc import Collection, Iterator
from pathlib import Path

from watchfiles import Change, DefaultFilter
from watchfiles._rust_notify import RustNotify

FOLDERS = ("apps", "constructs", "imports", "ops", "secrets")
FILES = ("app.py", "cdk8s.yaml", "Pipfile.lock", "package-lock.json")
"""dist/ and argocd/ are left out: rendering writes them."""

QUIET_MS, LONGEST_MS = 20, 250
"""A batch ends after this time without a save, or after this total time."""


class Saves:
    """The saves in a repository from now on, in batches; Ctrl-C ends the wait for them."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._keeps = DefaultFilter()  # ignores temporary files of editors and compiled Python
        self._begin()

    def _begin(self) -> None:
        """Watches each folder rather than files, because editors replace files."""
        self._watcher = RustNotify(
            [str(folder) for folder in _folders(self._root)],
            debug=False,
            force_polling=False,
            poll_delay_ms=0,
            recursive=False,
            ignore_permission_denied=False,
        )

    def wait(self) -> list[Path]:
        """The paths of the next batch, relative to the repository. Raises KeyboardInterrupt."""
        while True:
            changes = self._watcher.watch(LONGEST_MS, QUIET_MS, 0, None)
            if not isinstance(changes, set):
                raise KeyboardInterrupt
            saved = sorted(set(self._relevant(changes)))
            if any((self._root / path).is_dir() for path in saved):
                self._begin()  # a run follows, so a save in the meantime is not missed
            if saved:
                return saved

    def _relevant(self, changes: Collection[tuple[int, str]]) -> Iterator[Path]:
        """Without files created and deleted within the batch: editors' temporary files."""
        added = {name for change, name in changes if change == Change.added}
        gone = {name for name in added if not Path(name).exists()}
        for change, name in changes:
            path = Path(name).relative_to(self._root)
            is_watched = path.parts[:1] and path.parts[0] in (*FOLDERS, *FILES)
            if is_watched and name not in gone and self._keeps(Change(change), str(path)):
                yield path


def _folders(root: Path) -> list[Path]:
    """The repository's top folder, and all watched folders below it."""
    below = (folder for name in FOLDERS for folder in (root / name).glob("**/"))
    return [root, *sorted(folder for folder in below if folder.name != "__pycache__")]
