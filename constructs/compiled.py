"""Compiled Python that must not be used.

Python takes compiled code for that of its source if the source's length and the second in which it
was saved are the same. An edit of a digit right after a run changes neither.
"""

from collections.abc import Iterable
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

COMPILING_NS = 10**9
"""Longer than Python takes from reading a source until the compiled code is written."""
RAILIANCE = Path(__file__).parent / "railiance"


def drop_outdated(folders: Iterable[Path]) -> None:
    """Removes what may have been read before its source was last saved.

    A source that was put in place with an older time, as by `cp -p`, was saved when its inode
    changed. Of code compiled right after a save, the source may have been saved again meanwhile.
    """
    for source in (source for folder in folders for source in folder.rglob("*.py")):
        compiled = Path(cache_from_source(str(source)))
        with suppress(FileNotFoundError, NotADirectoryError):
            if compiled.stat().st_mtime_ns <= _saved_ns(source) + COMPILING_NS:
                compiled.unlink()


def _saved_ns(source: Path) -> int:
    found = source.stat()
    return max(found.st_mtime_ns, found.st_ctime_ns)
