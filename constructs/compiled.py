"""Removes compiled Python that may be outdated.

Python uses compiled code if its source has the same length and the same modification time in
seconds. An edit of one digit right after a run changes neither.
"""

from collections.abc import Iterable
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

COMPILING_NS = 10**9
"""The maximum time from reading a source until its compiled code is written."""
RAILIANCE = Path(__file__).parent / "railiance"


def drop_outdated(folders: Iterable[Path]) -> None:
    """Removes compiled code that may have been read before its source was last saved.

    The time of a save is the inode change time, because `cp -p` sets an older modification time.
    Code compiled right after a save is removed too: its source may have been saved again meanwhile.
    """
    for source in (source for folder in folders for source in folder.rglob("*.py")):
        compiled = Path(cache_from_source(str(source)))
        with suppress(FileNotFoundError, NotADirectoryError):
            if compiled.stat().st_mtime_ns <= _saved_ns(source) + COMPILING_NS:
                compiled.unlink()


def _saved_ns(source: Path) -> int:
    found = source.stat()
    return max(found.st_mtime_ns, found.st_ctime_ns)
