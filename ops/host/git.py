"""The repository's own git."""

import os
from collections.abc import Container
from pathlib import Path

from ops.host.command import Command

REMOTE_TIMEOUT_SECONDS = 15
UNKNOWN = 128
"""With which git ends when it does not know a commit."""


def git(
    folder: Path,
    *arguments: str,
    accepted: Container[int] = (0,),
    editor: str = ":",
    timeout_seconds: float = 60,
) -> str:
    """What git says in a folder; raises CommandError with its last lines if it fails.

    `editor` is the command to which git gives a message to be written, the shell's way. Nobody is
    asked for a password.
    """
    return Command(
        ["git", *arguments],
        fix="install git",
        folder=folder,
        timeout_seconds=timeout_seconds,
        accepted=accepted,
        environment={**os.environ, "GIT_EDITOR": editor, "GIT_TERMINAL_PROMPT": "0"},
    ).run()


def difference(folder: Path, *paths: str, coloured: bool) -> str:
    """What is not committed below the paths."""
    colour = f"--color={'always' if coloured else 'never'}"
    return git(folder, "diff", "--no-ext-diff", colour, "HEAD", "--", *paths)


def remote_head(folder: Path, address: str, branch: str) -> str:
    """The commit at which a branch of a repository elsewhere is; empty if it has no such branch.

    Raises CommandError if that repository does not say so in time.
    """
    reference = f"refs/heads/{branch}"
    said = git(
        folder, "ls-remote", "--", address, reference, timeout_seconds=REMOTE_TIMEOUT_SECONDS
    )
    found = (line.split("\t") for line in said.splitlines())
    return next((commit for commit, name in found if name == reference), "")


def is_ancestor(folder: Path, older: str, newer: str) -> bool:
    """Whether a commit is in the history of another; one that is not known here is not."""
    return git(folder, "merge-base", older, newer, accepted=(0, 1, UNKNOWN)).strip() == older
