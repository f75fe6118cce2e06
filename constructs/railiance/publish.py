"""Writes rendered files into dist/ and argocd/, all or nothing."""

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from railiance.errors import OutputError

FOLDERS = ("dist", "argocd")
STAGING = ".synth-"
"""Prefix of the temporary folder for files before they are renamed; the process ID follows."""


def prepare(target: Path) -> None:
    """Removes what a killed synth left behind, and refuses a target that cannot be written to."""
    if not target.is_dir():
        raise OutputError(f"{target} is not a folder; name an existing one")
    for name in FOLDERS:
        folder = target / name
        if folder.is_symlink() or folder.is_file():
            raise OutputError(f"{folder} is not a folder; remove it and run `make synth` again")
    for left in target.glob(f"{STAGING}*"):
        if not Path("/proc", left.name.removeprefix(STAGING)).exists():
            shutil.rmtree(left, ignore_errors=True)


def publish(files: Mapping[str, bytes], kept: Iterable[str], target: Path) -> None:
    """Writes the files, and removes everything else from dist/ and argocd/ except what is kept.

    Each file is written to a temporary folder and renamed; a failure or an interruption restores
    the former files. Raises OSError.
    """
    with _staging(target) as staging, ExitStack() as undo:
        for number, content in enumerate(files.values()):
            (staging / f"{number}.new").write_bytes(content)
        for name in FOLDERS:
            (target / name).mkdir(exist_ok=True)
        for number, path in enumerate(files):
            _put_away(target / path, staging / f"{number}.former", undo)
            os.replace(staging / f"{number}.new", target / path)
        for number, unwanted in enumerate(_unwanted({*files, *kept}, target)):
            _put_away(unwanted, staging / f"{number}.unwanted", undo)
            unwanted.unlink(missing_ok=True)
        undo.pop_all()


def write_into(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes the files below the folder. Raises OSError."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


@contextmanager
def _staging(target: Path) -> Iterator[Path]:
    folder = target / f"{STAGING}{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _put_away(path: Path, former: Path, undo: ExitStack) -> None:
    """Keeps the existing file, if any, until all is done; the file stays in its place."""
    if path.is_dir() and not path.is_symlink():
        os.replace(path, former)
    elif path.is_symlink() or path.exists():
        shutil.copy2(path, former, follow_symlinks=False)
    undo.callback(_put_back, path, former)


def _put_back(path: Path, former: Path) -> None:
    if former.is_symlink() or former.exists():
        os.replace(former, path)
    else:
        path.unlink(missing_ok=True)


def _unwanted(wanted: set[str], target: Path) -> list[Path]:
    found = [entry for name in FOLDERS for entry in (target / name).iterdir()]
    return [entry for entry in found if str(entry.relative_to(target)) not in wanted]
