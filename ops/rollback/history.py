"""The commits that brought an app its images."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from ops.git import git
from ops.manifests import Manifest
from ops.workload import Workload

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
        """The commit, as people speak of it."""
        return self.commit[:7]

    @property
    def reverts(self) -> str:
        """The commit that this one reverts, by git's own words; empty if it is no revert."""
        found = re.search(r"^This reverts commit ([0-9a-f]{40})", self.message, re.MULTILINE)
        return found[1] if found else ""


def standing(root: Path, file: Path, since: str) -> Iterator[Change]:
    """The changes of the image that are in force, newest first.

    A change that was reverted is none, nor is its revert; so going back twice goes back by two.
    Looks no further back than behind the commit `since`, if one is given.
    """
    wanted = f"{since}..HEAD" if since else "HEAD"
    within = set(git(root, "rev-list", wanted).split())
    undone: set[str] = set()
    for change in _changes(root, file, wanted):
        if change.commit in undone:
            continue
        if change.reverts in within:
            undone.add(change.reverts)
        else:
            yield change


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
    text = git(root, "show", f"{commit}:./{file}", accepted=(0, NO_SUCH_FILE))
    try:
        documents = list(yaml.load_all(text, yaml.CSafeLoader))
        web = next(content for content in documents if content["kind"] == "Deployment")
        return str(Workload(Manifest(file, 1, web)).containers[0]["image"])
    except (yaml.YAMLError, AttributeError, KeyError, IndexError, TypeError, StopIteration):
        return ""  # whatever stood there then was no app
