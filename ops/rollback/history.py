"""The commits that changed an app's image."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ops import kinds
from ops.documents.fleet import App
from ops.documents.manifest_files import manifests
from ops.documents.workload import Workload
from ops.errors import ManifestError, OpsError
from ops.host.git import UNKNOWN, git
from ops.kinds.deployment import Deployment, is_worker

NO_SUCH_FILE = 128
"""With which git ends when a commit has not got a file."""


@dataclass(frozen=True)
class Change:
    """A commit that changed an app's image."""

    commit: str
    parents: tuple[str, ...]
    subject: str
    message: str
    former: str
    """The image before; empty if there was none."""
    image: str
    """The image since; empty if it took the app away."""

    @property
    def short(self) -> str:
        """The commit, abbreviated."""
        return self.commit[:7]

    @property
    def reverts(self) -> str:
        """The commit that this one reverts, by git's own words; empty if it is no revert."""
        found = re.search(r"^This reverts commit ([0-9a-f]{40})", self.message, re.MULTILINE)
        return found[1] if found else ""


def standing(root: Path, file: Path, behind: str) -> Iterator[Change]:
    """The changes of the image that are in force, newest first.

    A change that was reverted is none, nor is its revert; so going back twice goes back by two.
    Looks no further back than behind the commit `behind`, if one is given.
    """
    wanted = f"{behind}..HEAD" if behind else "HEAD"
    within = set(git(root, "rev-list", wanted).split())
    undone: set[str] = set()
    for change in _changes(root, file, wanted):
        if change.commit in undone:
            continue
        if change.reverts in within:
            undone.add(change.reverts)
        else:
            yield change


def image_of(root: Path, app: App, commit: str) -> str:
    """The image that an app has in a commit; OpsError if there is no such commit or image."""
    found = image_at(root, resolved(root, commit), app.web.manifest.file)
    if not found:
        raise OpsError(f"{app.name} has no image in {commit}; `git log` lists the commits")
    return found


def resolved(root: Path, name: str) -> str:
    """The commit that a name means; OpsError if there is none."""
    commit = git(
        root,
        *("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"),
        accepted=(0, 1, UNKNOWN),
    ).strip()
    if not commit:
        raise OpsError(f"{name!r} is not a commit; `git log` lists them")
    return commit


def since(root: Path, file: Path, oldest: Change) -> Iterator[Change]:
    """Every change of the image from this one on, newest first, the reverted ones included."""
    yield from _changes(root, file, f"{oldest.commit}^..HEAD")


def _changes(root: Path, file: Path, wanted: str) -> Iterator[Change]:
    """A merge counts if it has an image that no parent has."""
    log = git(root, "log", "-z", "--format=%H%n%P%n%B", wanted, "--", str(file))
    for entry in filter(None, log.split("\0")):
        commit, parents, message = entry.split("\n", 2)
        image = image_at(root, commit, file)
        former = [image_at(root, parent, file) for parent in parents.split()] or [""]
        if image not in former:
            subject = message.partition("\n")[0]
            yield Change(commit, tuple(parents.split()), subject, message, former[0], image)


def image_at(root: Path, commit: str, file: Path) -> str:
    """The image that an app's rendered file has in a commit; empty if it has none there."""
    content = git(root, "show", f"{commit}:./{file}", accepted=(0, NO_SUCH_FILE)).encode()
    entry = kinds.by_model(Deployment)
    try:
        found = [m for m in manifests(content, file) if m.entry is entry]
        web = [m for m in found if not is_worker(m.typed(Deployment))]
        containers = [c for manifest in web[:1] for c in Workload(manifest).containers[:1]]
    except ManifestError:
        return ""  # whatever was there then was no app
    return containers[0].image if containers else ""
