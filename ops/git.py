"""The repository's own git."""

import os
from collections.abc import Container
from pathlib import Path

from ops.command import Command


def git(folder: Path, *arguments: str, accepted: Container[int] = (0,), editor: str = ":") -> str:
    """What git says in a folder; raises CommandError with its last lines if it fails.

    `editor` is the command to which git gives a message to be written, the shell's way.
    """
    return Command(
        ["git", *arguments],
        mend="install git",
        folder=folder,
        accepted=accepted,
        environment={**os.environ, "GIT_EDITOR": editor},
    ).run()


def difference(folder: Path, *paths: str, coloured: bool) -> str:
    """What is not committed below the paths."""
    colour = f"--color={'always' if coloured else 'never'}"
    return git(folder, "diff", "--no-ext-diff", colour, "HEAD", "--", *paths)
