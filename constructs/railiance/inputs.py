"""What a rendering depends on, as digests of contents: no time stamp is trusted."""

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
THERE = b"\1"
"""Stands before the content of a file that is there, be it empty."""
_IMPORTS_FROM_APPS = re.compile(rb"\bapps\b|from\s+\.")
"""An app's file with this may use other files of the package."""


def digest(parts: Iterable[bytes]) -> str:
    """One digest of several contents, each with its length, so that none runs into the next."""
    total = hashlib.blake2b(digest_size=20)
    for part in parts:
        total.update(len(part).to_bytes(8, "big"))
        total.update(part)
    return total.hexdigest()


def content(file: Path) -> bytes:
    """A file's content behind a mark that it is there; empty if it is not, or is no file.

    Raises InputError if it cannot be read.
    """
    try:
        return THERE + file.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return b""
    except OSError as error:
        raise InputError(f"cannot read {file}: {error.strerror}") from error


class Inputs:
    """The inputs of every app of a repository, as they were when this was made.

    All apps share the constructs, which hold the platform, the lock files, Python and what is
    installed for it, and every file in apps/ that is not a listed app's own. An app's own are its
    file and its encrypted Secrets; if its file imports from apps/, then all of that folder. Raises
    InputError if one of them cannot be read.
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

    def of(self, app: Listed, name: str) -> str:
        """Everything that the app of this name depends on, as one digest."""
        own = self._own.get(app, b"")
        others = self._all_apps if _IMPORTS_FROM_APPS.search(own) else b""
        sealed = self._sealed.get(Path(secrets.file_name(name)), b"")
        return digest([self._shared, app.constant.encode(), own, others, sealed])


def _installed() -> list[bytes]:
    """Every installed package with its version: a lock file may be newer than what it pins."""
    packages = Path(sysconfig.get_path("purelib")).glob("*.dist-info")
    return sorted(package.name.encode() for package in packages)


def _contents(folder: Path) -> dict[Path, bytes]:
    """What is in each file below the folder but compiled Python, by its path there."""
    return {
        file.relative_to(folder): content(file)
        for file in folder.rglob("*")
        if "__pycache__" not in file.parts and file.is_file()
    }


def _named(contents: Mapping[Path, bytes]) -> Iterator[bytes]:
    for file in sorted(contents):
        yield str(file).encode(errors="surrogateescape")
        yield contents[file]
