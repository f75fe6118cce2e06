"""Made-up apps in any number, declared in a repository of their own."""

import shutil
from pathlib import Path
from typing import Any

from railiance import DjangoApp, Image, MediaVolume, SharedDatabase

KINDS = ("DjangoApp", "Image", "MediaVolume", "SharedDatabase")
TAGS = ("483a4df", "9c01d2e")
"""The image tag as first declared, and after a change."""
APP_PY = Path("app.py")


def apps(count: int) -> list[DjangoApp]:
    """Apps that differ in the values no two apps may share: name, host, database and role.

    No value is part of another, so that a chart's templates can replace each one.
    """
    return [DjangoApp(**_values(number, TAGS[0])) for number in range(1, count + 1)]


def write_repository(folder: Path, count: int) -> None:
    """Declares the apps as in apps/, one per file, beside the app.py that renders them."""
    folder.mkdir(parents=True)
    (folder / "apps").mkdir()
    shutil.copy(APP_PY, folder)
    numbers = range(1, count + 1)
    for number in numbers:
        declare(folder, number, TAGS[0])
    imports = [f"from apps.app_{number:04} import APP_{number:04}" for number in numbers]
    names = "".join(f"    APP_{number:04},\n" for number in numbers)
    text = "\n".join([*imports, f"\nAPPS = (\n{names})\n"])
    (folder / "apps/__init__.py").write_text(text)


def declare(folder: Path, number: int, tag: str) -> None:
    """Writes one app's file, with the tag of its image."""
    fields = "".join(f"    {name}={value!r},\n" for name, value in _values(number, tag).items())
    text = f"from railiance import {', '.join(KINDS)}\n\nAPP_{number:04} = DjangoApp(\n{fields})\n"
    (folder / f"apps/app_{number:04}.py").write_text(text)


def change(folder: Path, number: int) -> None:
    """Declares a new image for one app."""
    first, other = TAGS
    is_first = first in (folder / f"apps/app_{number:04}.py").read_text()
    declare(folder, number, other if is_first else first)


def _values(number: int, tag: str) -> dict[str, Any]:
    image = Image(
        repository="gitea.coulomb.social/coulomb/made-up", tag=tag, digest=f"sha256:{'e9' * 32}"
    )
    return {
        "name": f"app-{number:04}",
        "host": f"host-{number:04}.example.org",
        "image": image,
        "settings_module": "made_up.settings.prod",
        "database": SharedDatabase(name=f"db_{number:04}", role=f"role_{number:04}"),
        "media": MediaVolume(mount_path="/app/media", size="5Gi"),
    }
