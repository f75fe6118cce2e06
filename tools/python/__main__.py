"""Installs Python 3.14 for `make PYTHON3=…`: `python -m tools.python FOLDER`.

It is the stand-in's Python, an embeddable build without pip and ensurepip; this adds both, because
`python -m venv` needs them.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from tools.imports.crds import CrdError
from tools.standin.python import install_packages, unpack_python

HERE = Path(__file__).parent


def install(folder: Path) -> None:
    """Writes the installation into the folder."""
    unpack_python(folder)
    install_packages(folder, HERE / "requirements.txt")
    (library,) = folder.glob("lib/python3.*")
    shutil.copy(HERE / "ensurepip.py", library)


if __name__ == "__main__":
    try:
        install(Path(sys.argv[1]))
    except CrdError as error:
        sys.exit(f"error: {error}")
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
