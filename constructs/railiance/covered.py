"""Checks that no folder of an app is mounted over what the image has there."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from railiance.django_app import DjangoApp

_SYSTEM = {
    *("/bin", "/boot", "/home", "/lib", "/lib64", "/opt", "/root", "/sbin", "/usr", "/var"),
    *("/usr/bin", "/usr/lib", "/usr/lib64", "/usr/local", "/usr/local/bin", "/usr/local/lib"),
    *("/usr/sbin", "/usr/share", "/usr/src", "/var/lib"),
}
_USUAL_CODE = {
    *("/app", "/application", "/code", "/django", "/project", "/source", "/src", "/srv", "/venv"),
    *("/workspace", "/opt/app", "/opt/venv", "/srv/app", "/usr/src/app", "/home/app"),
    *("/opt/app-root", "/opt/app-root/src", "/var/app", "/var/task", "/var/www", "/var/www/html"),
}
"""Where images have their code, if the declaration does not state the folder."""


def check(app: DjangoApp) -> None:
    """Raises ValueError for a folder that would hide the image's system, Python or code."""
    for path in _folders(app):
        if path in _SYSTEM:
            raise ValueError(f"{path!r} would hide the image's own files; mount a folder below it")
        for code in _code(app):
            if PurePosixPath(code).is_relative_to(path):
                raise ValueError(
                    f"{path!r} would hide the code in {code!r}; mount a folder below it, such as"
                    f" {path + '/media'!r}"
                )
        if not app.working_folder and path in _USUAL_CODE:
            raise ValueError(
                f"{path!r} is where images have their code, which it would hide; mount a folder"
                f" below it, such as {path + '/media'!r}, or state the image's working_folder"
            )


def _folders(app: DjangoApp) -> Iterator[str]:
    if app.media:
        yield app.media.mount_path
    yield from (folder.path for folder in app.data_folders)
    yield from (folder.path for folder in app.scratch_folders)


def _code(app: DjangoApp) -> Iterator[str]:
    """Paths of the image that the declaration states."""
    commands = (app.python, *app.launcher[:1], *app.web_command[:1])
    yield from (path for path in commands if path.startswith("/"))
    if app.working_folder:
        yield app.working_folder
