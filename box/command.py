"""The programs that a box and its rehearsals run to their end."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from box import processes, programs
from ops.command import Command

if TYPE_CHECKING:
    from collections.abc import Mapping


KUBECTL_TIMEOUT_SECONDS = 300.0
"""Longer than whatever kubectl itself is told to wait."""


def git(
    *arguments: str | Path, folder: Path | None = None, environment: Mapping[str, str] | None = None
) -> str:
    """What git prints."""
    mend = "install git"
    return Command(["git", *arguments], mend, folder=folder, environment=environment).run()


def kubectl(kubeconfig: Path, *arguments: str, stdin: str = "") -> str:
    """What kubectl prints of the cluster of a kubeconfig; a process of the box that it lies in."""
    command: list[str | Path] = [programs.path("kubectl"), f"--kubeconfig={kubeconfig}", *arguments]
    return Command(
        command,
        "make box-up",
        stdin=stdin.encode(),
        timeout_seconds=KUBECTL_TIMEOUT_SECONDS,
        environment={**os.environ, **processes.marks(kubeconfig.parent, "kubectl")},
    ).run()
