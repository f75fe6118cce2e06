"""The rendered files of a git revision, or in the work tree."""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ops.declarations.synth import RENDERED
from ops.documents.manifest_files import every_file, is_rendered_name
from ops.errors import ManifestError, OpsError, UsageError
from ops.host.command import Command

_FIX = "install git"
_LINK, _MODULE = "120000", "160000"
_NOT_THERE = 128


@dataclass(frozen=True)
class Tree:
    """One state of the rendered files: what git calls the content of each, by path."""

    name: str
    files: Mapping[Path, str]
    commit: str = ""
    """The commit's id; empty for the work tree, and for a tree that no commit names."""
    in_work_tree: bool = False
    strangers: Mapping[Path, str] = field(default_factory=dict)
    """What is in the folders without being called as a rendered file."""

    def located(self, error: ManifestError) -> ManifestError:
        """An error in one of its files, with the state that has it."""
        if self.in_work_tree:
            return error
        return ManifestError(Path(f"{self.name}:{error.file}"), error.problem, error.line)


def revision(name: str, folder: Path, *, is_checked: bool = True) -> Tree:
    """The rendered files of a commit, or of a tree such as git's empty one.

    Raises UsageError if the repository does not have it, and OpsError for a link or a submodule
    in it; unless it is checked, these are left for the reader of the file, who finds no manifest.
    """
    tree = _resolve(name, "tree", folder)
    if not tree:
        raise UsageError(
            f"{name} is not a revision of this repository; see `git log`, or run `git fetch` if "
            "the clone is shallow"
        )
    files: dict[Path, str] = {}
    others: dict[Path, str] = {}
    for mode, blob, file in listed(tree, folder, *RENDERED):
        if is_checked and mode in (_LINK, _MODULE):
            raise OpsError(f"{name}:{file}: is not a regular file; put the file itself there")
        if mode != _MODULE:
            (others if _is_stranger(file) else files)[file] = blob
    return Tree(name, files, _resolve(name, "commit", folder), strangers=others)


def listed(tree: str, folder: Path, *paths: str | Path) -> Iterator[tuple[str, str, Path]]:
    """The mode, the content's id and the path of each file at or below paths of a tree."""
    answer = git(folder, "ls-tree", "-r", "-z", tree, "--", *map(str, paths)).output()
    for entry in filter(None, answer.split(b"\0")):
        about, _, path = entry.partition(b"\t")
        mode, _, blob = about.decode().split(" ")
        yield mode, blob, Path(os.fsdecode(path))


def work_tree(folder: Path) -> Tree:
    """The rendered files of the work tree, committed or not."""
    folders = [folder / name for name in RENDERED if (folder / name).exists()]
    files: dict[Path, str] = {}
    others: dict[Path, str] = {}
    for path in (path for found in folders for path in every_file(found)):
        file = path.relative_to(folder)
        (others if _is_stranger(file) else files)[file] = _blob(_read(path))
    commit = _resolve("HEAD", "commit", folder)
    return Tree("the work tree", files, commit, in_work_tree=True, strangers=others)


def _is_stranger(file: Path) -> bool:
    """Whether a path, such as dist/a/b.yaml or argocd/Kustomization, is not that of a manifest."""
    return str(file.parent) not in RENDERED or not is_rendered_name(file.name)


def contents(tree: Tree, paths: Iterable[Path], folder: Path) -> dict[Path, bytes]:
    """The content of the given files of a tree."""
    if tree.in_work_tree:
        return {path: _read(folder / path) for path in paths}
    wanted = [path for path in paths if path in tree.files]
    if not wanted:
        return {}
    asked = "".join(f"{tree.files[path]}\n" for path in wanted).encode()
    answer = git(folder, "cat-file", "--batch", stdin=asked).output()
    found, position = {}, 0
    for path in wanted:
        end = answer.index(b"\n", position)
        head = answer[position:end].split(b" ")
        if head[-1] == b"missing":
            raise OpsError(f"{tree.name}:{path}: is not in this clone; fetch it with `git fetch`")
        size = int(head[-1])
        found[path] = answer[end + 1 : end + 1 + size]
        position = end + size + 2
    return found


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise OpsError(f"{file}: {error.strerror}") from error


def _resolve(name: str, kind: str, folder: Path) -> str:
    asked = git(
        folder,
        *("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{{kind}}}"),
        accepted=(0, 1, _NOT_THERE),
    )
    answer = asked.run().strip()
    return answer if re.fullmatch(r"[0-9a-f]{40,64}", answer) else ""


def git(
    folder: Path, *arguments: str, stdin: bytes = b"", accepted: tuple[int, ...] = (0,)
) -> Command:
    """A command of git in the repository, not yet run."""
    return Command(
        ("git", "-C", folder, "--no-replace-objects", *arguments),
        fix=_FIX,
        stdin=stdin,
        accepted=accepted,
    )


def _blob(content: bytes) -> str:
    """What git calls this content. Not a matter of security; git's own choice."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def changed(base: Tree, head: Tree) -> set[Path]:
    """The files whose content differs, or which only one has."""
    return {
        path for path in {*base.files, *head.files} if base.files.get(path) != head.files.get(path)
    }
