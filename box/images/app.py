"""Images of the stand-in Django app: one version per tag, each a small layer over the first."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from box.images.archive import Image
from box.images.base import PATH, base, user
from box.images.layer import Layer
from box.images.workshop import STANDIN
from ops.host.command import Command

if TYPE_CHECKING:
    from box.images.archive import Blob
    from box.images.workshop import Workshop

SOURCE = Path(__file__).parents[2] / "tests/standin"
USER = 1000
"""The user ID of the pods in the rendered Deployment."""
FOLDER = "app"
COMPILED = "__pycache__"
RECORD = "RECORD"
"""pip's record of installed files; it differs by folder, with the first line of each program."""
# Parts of Python that a server does not need.
EXCLUDED = ("__pycache__", "test", "idlelib", "tkinter", "turtledemo", "ensurepip", "tcl*", "tk*")
THREADS = 4
"""Threads of each worker; it keeps a database connection for each."""
GUNICORN = (
    *("python", "-m", "gunicorn", "vergabe_teilnahme.wsgi"),
    *("--bind=0.0.0.0:8000", "--access-logfile=-", "--workers=2"),
    *(f"--threads={THREADS}", f"--env=DATABASE_POOL_SIZE={THREADS}"),
)
ENVIRONMENT = {
    "PATH": PATH,
    "LANG": "C.UTF-8",
    # The root file system is read-only, and the code is compiled already.
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONUNBUFFERED": "1",
}
# Required to collect the static files, but not used for it.
BUILD_ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "vergabe_teilnahme.settings.prod",
    "SECRET_KEY": "unused",
    "DATABASE_URL": "postgres://unused",
    "ALLOWED_HOSTS": "unused",
    "CSRF_TRUSTED_ORIGINS": "https://unused",
    "PYTHONDONTWRITEBYTECODE": "1",
}


@dataclass(frozen=True)
class Version:
    """A version of the app: its tag, and the folder whose files overlay those of the first."""

    tag: str

    @property
    def overlay(self) -> Path:
        """Files that replace the app's own or are added to them."""
        return SOURCE / "variants" / self.tag


FIRST = Version("first")
VERSIONS = (
    FIRST,
    Version("second"),  # one more migration, which the first version's code tolerates
    Version("incompatible"),  # a migration that renames a column which the first version uses
    Version("migration-fails"),  # a migration that PostgreSQL refuses half-way
    Version("start-fails"),  # code that raises when gunicorn loads it
)


def app(workshop: Workshop, repository: str) -> list[Image]:
    """Every version, under the image name in the rendered manifests."""
    layers = [base(workshop), python(workshop), code(workshop)]
    return [image(workshop, repository, version, layers) for version in VERSIONS]


def image(workshop: Workshop, repository: str, version: Version, layers: list[Blob]) -> Image:
    """The image of one version."""
    own: list[Blob] = []
    if version is not FIRST:
        overlay = Layer()
        overlay.tree(version.overlay, FOLDER, without=frozenset({COMPILED}))
        own = [workshop.write(version.tag, overlay)]
    return Image(
        repository=repository,
        tag=version.tag,
        layers=[*layers, *own],
        user=str(USER),
        command=GUNICORN,
        environment={**ENVIRONMENT, "STANDIN_VERSION": version.tag},
        folder=f"/{FOLDER}",
    )


def python(workshop: Workshop) -> Blob:
    """The stand-in's Python with Django, compiled, because otherwise each start compiles it."""
    copy = workshop.folder / "python"
    shutil.copytree(
        STANDIN / "python", copy, symlinks=True, ignore=shutil.ignore_patterns(*EXCLUDED)
    )
    for script in (copy / "bin").iterdir():
        if not script.name.startswith("python") or script.name.endswith("-config"):
            script.unlink()
    # Independent of file times, because an image has none.
    checked = ("--invalidation-mode", "unchecked-hash", "-s", copy, "-p", "/usr/local")
    # The copy compiles itself, because nothing in it is compiled yet: the modules that a compiler
    # has already loaded influence its output.
    compiler: list[str | Path] = [copy / "bin/python", "-m", "compileall", "-qq"]
    Command(
        [*compiler, *checked, copy / "lib"],
        "make .tools/standin/ready",
        timeout_seconds=300,
        # Some of Python's files are templates that cannot be compiled.
        accepted=(0, 1),
        environment={"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"},
    ).run()
    layer = Layer()
    layer.tree(copy, "usr/local", without=frozenset({RECORD}))
    return workshop.write("python", layer)


def code(workshop: Workshop) -> Blob:
    """The app's own code, its static files, and the mount point for its media."""
    static = workshop.folder / "static"
    Command(
        [STANDIN / "python/bin/python", "manage.py", "collectstatic", "--noinput"],
        "make .tools/standin/ready",
        folder=SOURCE / "app",
        environment={**BUILD_ENVIRONMENT, "STATIC_ROOT": str(static)},
    ).run()
    layer = Layer()
    user(layer, "app", USER, "/tmp")  # noqa: S108 (the rendered HOME)
    layer.tree(SOURCE / "app", FOLDER, without=frozenset({COMPILED}))
    layer.tree(static, f"{FOLDER}/staticfiles")
    layer.folder(f"{FOLDER}/media", owner=USER)
    return workshop.write("app", layer)
