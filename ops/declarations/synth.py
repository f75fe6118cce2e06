"""Rendering: app.py turns the declarations into dist/ and argocd/."""

import os
import sys
from pathlib import Path

from ops.errors import CommandError, RenderError
from ops.host.command import Command

RENDERED = ("dist", "argocd")


def render(root: Path, target: Path | None = None) -> None:
    """Renders a repository's declarations, into itself or into another folder.

    Raises RenderError with the sentence that app.py says; the rendered files are as they were.
    """
    command = Command(
        [sys.executable, "-O", "app.py", *([target] if target else [])],
        fix="run `make setup`",
        folder=root,
        timeout_seconds=120,
        environment={k: v for k, v in os.environ.items() if k != "CDK8S_OUTDIR"},
    )
    try:
        command.run()
    except CommandError as error:
        sentence = error.output.rpartition("error: ")[2]
        if sentence == error.output:
            raise
        raise RenderError(sentence) from error
