"""Runs git and kubectl to completion for a local cluster and its rehearsals."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from box import processes, programs
from ops.host.command import Command

if TYPE_CHECKING:
    from collections.abc import Mapping


KUBECTL_TIMEOUT_SECONDS = 300.0
"""Longer than any timeout given to kubectl itself."""


def git(
    *arguments: str | Path, folder: Path | None = None, environment: Mapping[str, str] | None = None
) -> str:
    """The output of git."""
    fix = "install git"
    return Command(["git", *arguments], fix, folder=folder, environment=environment).run()


def kubectl(kubeconfig: Path, *arguments: str, stdin: str = "") -> str:
    """The output of kubectl for a kubeconfig; kubectl runs as a process of its local cluster."""
    command: list[str | Path] = [programs.path("kubectl"), f"--kubeconfig={kubeconfig}", *arguments]
    return Command(
        command,
        "make box-up",
        stdin=stdin.encode(),
        timeout_seconds=KUBECTL_TIMEOUT_SECONDS,
        environment={**os.environ, **processes.marks(kubeconfig.parent, "kubectl")},
    ).run()
