"""The migrations in an image, app by app.

Source: Django 6.1, MigrationLoader.load_disk: every module in an app's package `migrations` whose
name does not begin with `_` or `~` is one, whatever it is called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from ops.migrations import app_label, migration_module
from ops.migrations.migration_module import Key, Module

_FILE = re.compile(r"(?P<folder>.+)/(?P<name>[^/_~.][^/.]*)(?P<end>\.py|\.pyc|\.[^/]*\bso)")
_LIBRARIES = re.compile(r".*/(?:site|dist)-packages/")
_PYTHON = re.compile(r".*/lib/python[\d.]*/")
_OF_DJANGO_ITSELF = "django/db/migrations"
"""Not an app: the code that runs migrations."""
_CLASS = re.compile(rb"^class Migration\(", re.MULTILINE)
_CONFIGURATION = b"AppConfig)"
_NAME = b"Migration"
"""What a migration defines: Django refuses an app with a module that does not."""


def is_wanted(path: str) -> bool:
    """Whether a file of an image can be a migration, or can name an app.

    MIGRATION_MODULES can put an app's migrations into any folder of the project.
    """
    found = _FILE.fullmatch(path)
    if not found:
        return False
    is_source = found["end"] == ".py"
    if PurePosixPath(found["folder"]).name == "migrations" or found["name"] == "apps":
        return True
    return is_source and not _PYTHON.match(path)


@dataclass(frozen=True)
class AppMigrations:
    """The migrations of one app."""

    label: str
    is_certain: bool
    """Whether this is the app's label for sure."""
    is_library: bool
    """Whether it is installed beside Python, not part of the project."""
    modules: Mapping[str, Module]
    """By name."""


def of(files: Mapping[str, bytes | None]) -> dict[str, AppMigrations]:
    """The apps that have migrations, by their folder.

    A library's folder is below its Python's folder, whose name changes with Python's version.
    """
    folders: dict[str, dict[str, Module]] = {}
    for folder, name, source in _migrations(files):
        folders.setdefault(folder, {})[name] = migration_module.read(source)
    return {
        _LIBRARIES.sub("", folder): _app(files, folder, modules)
        for folder, modules in folders.items()
    }


def keys(apps: Mapping[str, AppMigrations]) -> frozenset[Key]:
    """Every migration of the apps."""
    return frozenset((app.label, name) for app in apps.values() for name in app.modules)


def _migrations(files: Mapping[str, bytes | None]) -> Iterator[tuple[str, str, bytes | None]]:
    """Folder, name and source of each; a compiled file has no source."""
    for path in sorted(files, reverse=True):  # the source after what is compiled of it
        found = _FILE.fullmatch(path)
        if not found or found["folder"].endswith(_OF_DJANGO_ITSELF):
            continue
        source = files[path] if found["end"] == ".py" else None
        is_usual = PurePosixPath(found["folder"]).name == "migrations"
        if not is_usual and not (source and _CLASS.search(source)):
            continue
        if not source or not source.strip() or _NAME in source:
            yield found["folder"], found["name"], source


def _app(
    files: Mapping[str, bytes | None], folder: str, modules: Mapping[str, Module]
) -> AppMigrations:
    place = PurePosixPath(folder)
    is_library = bool(_LIBRARIES.match(folder))
    if place.name != "migrations":
        return AppMigrations(place.name, is_certain=False, is_library=is_library, modules=modules)
    sources = {
        PurePosixPath(path).name: source
        for path, source in files.items()
        if path.endswith(f"/{app_label.USUAL}") or (source and _CONFIGURATION in source)
        if PurePosixPath(path).parent in (place.parent, place.parent / "apps")
    }
    label, is_certain = app_label.read(sources, place.parent.name)
    return AppMigrations(label, is_certain, is_library, modules)
