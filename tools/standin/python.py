"""Python 3.14, prebuilt in a Go module, which is pinned by Go's own checksum."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tools.imports.crds import Module, module_folder

PIN = Path(__file__).with_name("python.json")
PERMISSIONS = 0o777
"""The permission bits of Go's file mode."""
IS_FOLDER = 1 << 31


def unpack_python(target: Path) -> None:
    """Unpacks the files in the module's own list, of which the large ones are compressed."""
    pin: Module = json.loads(PIN.read_text())
    source = module_folder(pin) / "python/internal/data/linux-amd64"
    for entry in json.loads((source / "files.json").read_text())["files"]:
        unpack(entry, source, target)


def unpack(entry: dict[str, Any], source: Path, target: Path) -> None:
    """Unpacks one folder, link or file of the list."""
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


def install_packages(python: Path, requirements: Path) -> None:
    """Installs pinned packages into an unpacked Python that has no pip of its own."""
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    pinned = ("--no-deps", "--require-hashes", "--no-warn-script-location", "-r", requirements)
    asroot = "--root-user-action=ignore"  # the system's Python is not changed
    into = ("--python", python / "bin/python")
    # pip runs in the other Python, which prints warnings about this pip's code.
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    subprocess.run([*pip, *into, "install", asroot, *pinned], check=True, env=environment)
