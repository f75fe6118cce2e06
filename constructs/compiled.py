"""Compiled Python that must not be used.

Python takes compiled code for that of its source if the source's length and the second in which it
was saved are the same. An edit of a digit right after a run changes neither.
"""

from collections.abc import Iterable
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

RAILIANCE = Path(__file__).parent / "railiance"


def drop_outdated(folders: Iterable[Path]) -> None:
    """Removes what was compiled before its source was last saved, to the nanosecond."""
    for source in (source for folder in folders for source in folder.rglob("*.py")):
        compiled = Path(cache_from_source(str(source)))
        with suppress(FileNotFoundError, NotADirectoryError):
            if compiled.stat().st_mtime_ns <= source.stat().st_mtime_ns:
                compiled.unlink()
