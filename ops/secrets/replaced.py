"""Files that are written beside and renamed, so that no one ever sees half of one."""

import os
from pathlib import Path

from ops.errors import OpsError


def replace(file: Path, text: str) -> None:
    """Gives a file this content; OpsError if it cannot be written, and then it is as before."""
    beside = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        file.parent.mkdir(exist_ok=True)
        try:
            beside.write_text(text)
            os.replace(beside, file)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise OpsError(f"cannot write {file}: {error.strerror}; it is as it was") from error
