"""What is saved in the files that the result depends on."""

from collections.abc import Collection, Iterator
from pathlib import Path

from watchfiles import Change, DefaultFilter
from watchfiles._rust_notify import RustNotify

FOLDERS = ("apps", "constructs", "imports", "ops", "secrets")
FILES = ("app.py", "cdk8s.yaml", "Pipfile.lock", "package-lock.json")
"""dist/ and argocd/ are left out: rendering writes them."""

QUIET_MS, LONGEST_MS = 20, 250
"""Saves are one batch until nothing is saved for so long, or until it lasts that long."""


class Saves:
    """The saves in a repository from now on, in batches; Ctrl-C ends waiting for them."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._keeps = DefaultFilter()  # no editors' temporary files, no compiled Python
        self._begin()

    def _begin(self) -> None:
        """Watches every folder by itself: a file that an editor replaces is another file."""
        self._watcher = RustNotify(
            [str(folder) for folder in _folders(self._root)],
            debug=False,
            force_polling=False,
            poll_delay_ms=0,
            recursive=False,
            ignore_permission_denied=False,
        )

    def wait(self) -> list[Path]:
        """The paths of the next batch, in the repository. Raises KeyboardInterrupt."""
        while True:
            changes = self._watcher.watch(LONGEST_MS, QUIET_MS, 0, None)
            if not isinstance(changes, set):
                raise KeyboardInterrupt
            saved = sorted(set(self._relevant(changes)))
            if any((self._root / path).is_dir() for path in saved):
                self._begin()  # a run follows, so nothing saved meanwhile is missed
            if saved:
                return saved

    def _relevant(self, changes: Collection[tuple[int, str]]) -> Iterator[Path]:
        """Without what came and went within the batch: editors write beside and rename."""
        added = {name for change, name in changes if change == Change.added}
        gone = {name for name in added if not Path(name).exists()}
        for change, name in changes:
            path = Path(name).relative_to(self._root)
            is_watched = path.parts[:1] and path.parts[0] in (*FOLDERS, *FILES)
            if is_watched and name not in gone and self._keeps(Change(change), str(path)):
                yield path


def _folders(root: Path) -> list[Path]:
    """The repository's own folder, and all that are watched below it."""
    below = (folder for name in FOLDERS for folder in (root / name).glob("**/"))
    return [root, *sorted(folder for folder in below if folder.name != "__pycache__")]
