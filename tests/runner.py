"""How tests run a program to its end, as an operator does."""

import io
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from ops.cli import main

Answer = subprocess.CompletedProcess[str]

OPS = (sys.executable, "-m", "ops")
"""The operator's tool."""


def own_code(folder: Path) -> dict[str, str]:
    """Has a repository render with its own constructs, not with those that are installed."""
    constructs = folder / "constructs"
    return {"PYTHONPATH": f"{folder}:{constructs}"} if constructs.is_dir() else {}


def run(
    *arguments: str | Path,
    folder: Path,
    environment: Mapping[str, str],
    stdin: str = "",
    timeout_seconds: float = 60,
) -> Answer:
    """Whatever the exit code is."""
    return subprocess.run(
        arguments,
        cwd=folder,
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout_seconds,
    )


def ops_here(*arguments: str, folder: Path, variables: Mapping[str, str]) -> Answer:
    """The operator's tool in this process: starting Python takes longer than most verbs."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["ops", *arguments])
        for name, value in {**own_code(folder), **variables}.items():
            patch.setenv(name, value)
        with pytest.raises(SystemExit) as ended:
            main()
    code = ended.value.code
    assert isinstance(code, int)
    return Answer(arguments, code, out.getvalue(), err.getvalue())
