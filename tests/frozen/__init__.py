"""The repository that tests are about: declarations, platform and rendered YAML of one day.

Production changes every day, and a test that read its declarations would fail with each change.
Only tests/live reads those.
"""

import dataclasses
import runpy
import shutil
from pathlib import Path
from typing import Any

from railiance import DjangoApp
from railiance.platform import Platform

FOLDER = Path(__file__).parent / "repository"
PLATFORM = "constructs/railiance/railiance01.py"


def declared(folder: Path, file: str, name: str) -> Any:
    """What a repository declares by a name, whichever `apps` this process would import."""
    return runpy.run_path(str(folder / file))[name]


VERGABE_TEILNAHME: DjangoApp = declared(FOLDER, "apps/vergabe_teilnahme.py", "VERGABE_TEILNAHME")
APPS = (VERGABE_TEILNAHME,)
RAILIANCE01: Platform = declared(FOLDER, PLATFORM, "RAILIANCE01")
WITH_ROLES = dataclasses.replace(RAILIANCE01, cloudnative_pg="1.30")
"""The same platform once it has CloudNativePG 1.30."""


def lay_over(folder: Path) -> None:
    """Replaces what a repository declares and renders with what is frozen; no secrets are left."""
    for name in ("apps", "dist", "argocd"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for file in (*folder.glob(".sops.yaml"), *folder.glob("secrets/*.sops.yaml")):
        file.unlink()
    for compiled in (folder / PLATFORM).parent.glob("__pycache__/railiance01.*"):
        compiled.unlink()  # of the live platform, which may be as long and as old
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(FOLDER, folder, ignore=unwanted, dirs_exist_ok=True)
    (folder / "secrets").mkdir(exist_ok=True)
