"""Makes the images of an app: its packages on a bare Python, its static files, a server."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from box.images.app import EXCLUDED, USER
from box.images.archive import Image
from box.images.base import PATH, base, user
from box.images.layer import Layer
from box.images.others.recipes import FILES, PINS
from box.images.workshop import STANDIN
from ops.host.command import Command

if TYPE_CHECKING:
    from box.images.archive import Blob
    from box.images.others.recipes import App
    from box.images.workshop import Workshop

FOLDER = "app"
PACKAGES = "usr/local/lib/python3.14/site-packages"
SECOND = "second"
"""The tag of an image that differs from the first by one file."""
UNWANTED = frozenset({"RECORD", "direct_url.json"})
PIP_SECONDS, COMPILE_SECONDS = 900, 900
PIP = (
    *(sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"),
    *("--python", str(STANDIN / "python/bin/python"), "install", "--root-user-action=ignore"),
    *("--no-deps", "--require-hashes", "--no-compile", "--no-warn-script-location"),
)
COLLECT = """
import sys
import django
from django.conf import settings
from django.core.management import call_command
settings.STATIC_ROOT = sys.argv[1]
django.setup()
call_command("collectstatic", interactive=False, verbosity=0)
"""
SERVE = (
    "python",
    "-m",
    "gunicorn",
    "serve",
    "--bind=0.0.0.0:8000",
    "--workers=2",
    "--threads=4",
    "--access-logfile=-",
)
MAKE = "make .tools/standin/ready"


def build(app: App, workshop: Workshop) -> list[Image]:
    """The app's first image, and another one with one more file."""
    workplace = Workplace(app, workshop.folder / app.name)
    layers = [base(workshop), python(workshop), *workplace.layers(workshop)]
    release = Layer()
    release.text(f"{FOLDER}/release", f"{SECOND}\n")
    return [
        image(app, app.version, layers),
        image(app, SECOND, [*layers, workshop.write("release", release)]),
    ]


def image(app: App, tag: str, layers: list[Blob]) -> Image:
    """One image of the app."""
    return Image(
        repository=app.repository,
        tag=tag,
        layers=layers,
        user=str(USER),
        command=SERVE,
        environment={
            "PATH": PATH,
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": f"/{FOLDER}",
            "SERVED_WSGI": app.wsgi,
            **app.environment,
        },
        folder=f"/{FOLDER}",
    )


def python(workshop: Workshop) -> Blob:
    """The stand-in's Python without any package, compiled."""
    copy = workshop.folder / "bare-python"
    if not copy.exists():
        ignored = shutil.ignore_patterns(*EXCLUDED, "site-packages")
        shutil.copytree(STANDIN / "python", copy, symlinks=True, ignore=ignored)
        for script in (copy / "bin").iterdir():
            if not script.name.startswith("python") or script.name.endswith("-config"):
                script.unlink()
        compile_all(copy / "lib", as_in="/usr/local/lib")
    layer = Layer()
    layer.tree(copy, "usr/local")
    return workshop.write("bare-python", layer)


def compile_all(folder: Path, as_in: str) -> None:
    """Compile all code in a folder, as if it were at another path."""
    checked = ("--invalidation-mode", "unchecked-hash", "-s", folder, "-p", as_in)
    Command(
        [STANDIN / "python/bin/python", "-m", "compileall", "-qq", "-j0", *checked, folder],
        MAKE,
        timeout_seconds=COMPILE_SECONDS,
        accepted=(0, 1),  # some templates of code cannot be compiled
        environment={"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"},
    ).run()


@dataclass(frozen=True)
class Workplace:
    """A folder in which an app's own layers are made."""

    app: App
    folder: Path

    @property
    def packages(self) -> Path:
        """What is installed from PyPI."""
        return self.folder / "packages"

    @property
    def project(self) -> Path:
        """What is below /app."""
        return self.folder / "project"

    def layers(self, workshop: Workshop) -> list[Blob]:
        """The packages; and the project with its static files and mount points."""
        self.install()
        self.make_project()
        packages, project = Layer(), Layer()
        packages.tree(self.packages, PACKAGES, without=UNWANTED)
        user(project, "app", USER, "/tmp")  # noqa: S108 (the rendered HOME)
        project.tree(self.project, FOLDER)
        for path in self.app.folders:
            project.folder(path, owner=USER)
        name = self.app.name
        return [
            workshop.write(f"{name}-packages", packages),
            workshop.write(f"{name}-project", project),
        ]

    def install(self) -> None:
        """Install the pinned packages, compiled."""
        self.pip("--only-binary=:all:", "--target", self.packages, "-r", self.app.pins)
        if self.app.sources:
            tools = self.folder / "build"
            self.pip("--only-binary=:all:", "--target", tools, "-r", PINS / "build.txt")
            self.pip(
                *("--no-build-isolation", "--target", self.packages, "-r", self.app.sources),
                PYTHONPATH=str(tools),
            )
        shutil.rmtree(self.packages / "bin")  # scripts that name this machine's Python
        compile_all(self.packages, as_in=f"/{PACKAGES}")

    def pip(self, *arguments: str | Path, **variables: str) -> None:
        """Run pip in the images' Python."""
        environment = {**os.environ, "PYTHONWARNINGS": "ignore", **variables}
        Command([*PIP, *arguments], MAKE, PIP_SECONDS, environment=environment).run()

    def make_project(self) -> None:
        """Write the app's project, our files in it, and its static files."""
        self.project.mkdir()
        if self.app.start:
            self.python("-c", self.app.start)
        shutil.copy(FILES / "serve.py", self.project)
        for path, name in self.app.files.items():
            shutil.copy(FILES / name, self.project / path)
        scratch = self.folder / "scratch"
        for name, text in self.app.build_files.items():
            (scratch / name).parent.mkdir(parents=True)
            (scratch / name).write_text(text)
        scratch.mkdir(exist_ok=True)
        variables = {
            name: value.format(folder=scratch) for name, value in self.app.build_environment.items()
        }
        settings = {"DJANGO_SETTINGS_MODULE": self.app.settings}
        static = self.project / "static"
        self.python("-c", COLLECT, str(static), **settings, **variables)
        compile_all(self.project, as_in=f"/{FOLDER}")

    def python(self, *arguments: str, **variables: str) -> None:
        """Run the images' Python with the app's packages, in its project."""
        path = {"PYTHONPATH": f"{self.project}:{self.packages}", "PYTHONDONTWRITEBYTECODE": "1"}
        Command(
            [STANDIN / "python/bin/python", "-S", *arguments],
            MAKE,
            PIP_SECONDS,
            folder=self.project,
            environment={**path, "PATH": os.environ["PATH"], **variables},
        ).run()
