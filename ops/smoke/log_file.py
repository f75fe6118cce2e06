"""What the app has logged, from a file or from standard input."""

import sys
from collections.abc import Iterator
from pathlib import Path

from ops.errors import OpsError

STDIN = Path("-")


def lines(file: Path) -> Iterator[str]:
    """The lines, as text whatever is in them; OpsError if they cannot be read."""
    if file == STDIN:
        yield from (line.decode(errors="replace") for line in sys.stdin.buffer)
        return
    try:
        with file.open(errors="replace") as opened:
            yield from opened
    except OSError as error:
        raise OpsError(f"{file}: {error.strerror}") from error
