"""The inputs of a rendering, as digests of file contents; modification times are not used."""

import hashlib
import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from railiance import secrets
from railiance.errors import InputError
from railiance.listing import LIST, PACKAGE, Listed

SHARED_FILES = ("app.py", "cdk8s.yaml", "Pipfile.lock", "package-lock.json")
PRESENT = b"\1"
"""Precedes the content of an existing file, so that an empty file differs from a missing one."""
_IMPORTS_FROM_APPS = re.compile(rb"\bapps\b|from\s+\.")
"""A match in an app's file means that it may use other files of the package."""


def digest(parts: Iterable[bytes]) -> str:
    """One digest of several contents; each is prefixed with its length to keep them apart."""
    total = hashlib.blake2b(digest_size=20)
    for part in parts:
        total.update(len(part).to_bytes(8, "big"))
        total.update(part)
    return total.hexdigest()


def content(file: Path) -> bytes:
    """A file's content behind the PRESENT mark; empty if there is no such file.

    Raises InputError if it cannot be read.
    """
    try:
        return PRESENT + file.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return b""
    except OSError as error:
        raise InputError(f"cannot read {file}: {error.strerror}") from error


class Inputs:
    """The inputs of every app of a repository, read once on creation.

    All apps share the constructs with the platform, the lock files, Python and its installed
    packages, and every file in apps/ that does not belong to a listed app. An app's own inputs are
    its file and its encrypted Secrets; if its file imports from apps/, all of that folder. Raises
    InputError if an input cannot be read.
    """

    def __init__(self, root: Path, listed: Sequence[Listed]) -> None:
        in_apps = _contents(root / PACKAGE)
        own = {app: Path(app.file.name) for app in listed}
        beside = {Path(LIST).relative_to(PACKAGE), *own.values()}
        self._own = {app: in_apps.get(file, b"") for app, file in own.items()}
        self._all_apps = digest(_named(in_apps)).encode()
        self._sealed = _contents(root / secrets.FOLDER)
        parts = (
            (sys.version.encode(), *_installed()),
            (content(root / name) for name in SHARED_FILES),
            _named(_contents(Path(__file__).parent)),
            _named(_contents(root / "imports")),
            _named({file: text for file, text in in_apps.items() if file not in beside}),
        )
        self._shared = digest(digest(part).encode() for part in parts).encode()

    def digest_for(self, app: Listed, name: str) -> str:
        """Everything that the app with this name depends on, as one digest."""
        own = self._own.get(app, b"")
        others = self._all_apps if _IMPORTS_FROM_APPS.search(own) else b""
        sealed = self._sealed.get(Path(secrets.file_name(name)), b"")
        return digest([self._shared, app.constant.encode(), own, others, sealed])


def _installed() -> list[bytes]:
    """Every installed package with its version: a lock file may be newer than the installation."""
    packages = Path(sysconfig.get_path("purelib")).glob("*.dist-info")
    return sorted(package.name.encode() for package in packages)


def _contents(folder: Path) -> dict[Path, bytes]:
    """The content of each file below the folder, except compiled Python, by relative path."""
    return {
        file.relative_to(folder): content(file)
        for file in folder.rglob("*")
        if "__pycache__" not in file.parts and file.is_file()
    }


def _named(contents: Mapping[Path, bytes]) -> Iterator[bytes]:
    for file in sorted(contents):
        yield str(file).encode(errors="surrogateescape")
        yield contents[file]
