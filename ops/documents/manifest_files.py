"""The files with rendered YAML, and the documents in them."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from ops.documents.manifest import Manifest
from ops.documents.parsing import parse
from ops.errors import ManifestError, OpsError

EXTENSIONS = (".yaml", ".yml", ".json")
"""What Argo CD's directory source can read."""
_RENDERED_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*\.yaml")
_OF_ANOTHER_TOOL = frozenset({"kustomization.yaml"})


def is_rendered_name(name: str) -> bool:
    """Whether a file of this name can be one of dist/ or argocd/."""
    return bool(_RENDERED_NAME.fullmatch(name)) and name not in _OF_ANOTHER_TOOL


def strangers(folder: Path) -> list[Path]:
    """What is in a folder of manifests without being one, as it might change what Argo CD reads."""
    return sorted(
        entry for entry in folder.iterdir() if entry.is_dir() or not is_rendered_name(entry.name)
    )


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The manifest files at or below the paths, each once, sorted within a folder.

    Raises OpsError for a path that is not there, cannot be read, or is no manifest file. A link
    below a folder is refused: Argo CD follows none that leads out of the repository.
    """
    found: dict[Path, None] = {}
    for path in paths:
        try:
            below = every_file(path) if path.is_dir() else [_given(path)]
        except OSError as error:
            raise OpsError(f"{error.filename}: {error.strerror}") from error
        found |= dict.fromkeys(file for file in below if file.suffix in EXTENSIONS)
    return list(found)


def every_file(folder: Path) -> list[Path]:
    """Every regular file at or below a folder, sorted; OpsError for a link or if unreadable."""
    try:
        return sorted(_walk(folder))
    except OSError as error:
        raise OpsError(f"{error.filename}: {error.strerror}") from error


def _walk(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.is_symlink():
            raise OpsError(f"{entry}: is a symbolic link; put the file itself there")
        if entry.is_dir():
            yield from _walk(entry)
        elif entry.is_file():
            yield entry


def _given(path: Path) -> Path:
    path.stat()
    if path.suffix not in EXTENSIONS or not path.is_file():
        raise OpsError(
            f"{path}: is not a manifest; give a folder, or a {', '.join(EXTENSIONS)} file"
        )
    return path


def read(file: Path) -> Iterator[Manifest]:
    """The documents of one file.

    Raises ManifestError, with the line, for what cannot be read, is not UTF-8, not YAML, empty, or
    not a list of Kubernetes objects.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ManifestError(file, str(error.strerror)) from error
    return manifests(content, file)


def manifests(content: bytes, file: Path) -> Iterator[Manifest]:
    """The documents that a file's content holds, as `read` gives them."""
    line = 0
    for line, document in parse(content, file):
        yield Manifest.from_content(document, file, line)
    if not line:
        raise ManifestError(file, "contains no document; remove the file")
