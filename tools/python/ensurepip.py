"""Replaces ensurepip: copies this Python's pip into a new virtual environment."""

import shutil
import sysconfig
from pathlib import Path

if __name__ == "__main__":
    for part in (Path(__file__).parent / "site-packages").glob("pip*"):
        shutil.copytree(part, Path(sysconfig.get_path("purelib")) / part.name)
