"""How tests run a program to its end, as an operator does."""

import gc
import io
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from ops.cli import main
from ops.errors import CommandError
from ops.host.command import Command
from tests.warm import takes, warm

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
    """Whatever the exit code is; in a process that is there, where that makes no difference."""
    own = {name: value for name, value in environment.items() if os.environ.get(name) != value}
    if takes(arguments, own):
        answered = warm().run([str(one) for one in arguments[3:]], folder, environment)
        return Answer(arguments, *answered)
    if tuple(arguments[: len(OPS)]) == OPS:
        unset = os.environ.keys() - environment.keys()
        verb = map(str, arguments[len(OPS) :])
        return ops_here(*verb, folder=folder, variables=own, unset=unset, stdin=os.fsencode(stdin))
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


class CommandHere(Command):
    """What the operator's tool renders with, in a process that has imported cdk8s already."""

    def output(self) -> bytes:
        environment, folder = self.environment or {}, self.folder
        assert folder
        answer = run(*self.arguments, folder=folder.absolute(), environment=environment)
        if answer.returncode not in self.accepted:
            problem = f"app.py failed (exit code {answer.returncode})"
            raise CommandError(problem, answer.stderr.strip())
        return answer.stdout.encode()


def ops_here(
    *arguments: str,
    folder: Path,
    variables: Mapping[str, str],
    unset: Iterable[str] = (),
    stdin: bytes = b"",
) -> Answer:
    """The operator's tool in this process: starting Python takes longer than most verbs."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["ops", *arguments])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        patch.setattr("ops.declarations.synth.Command", CommandHere)
        for name, value in {**own_code(folder), **variables}.items():
            patch.setenv(name, value)
        for name in unset:
            patch.delenv(name)
        with pytest.raises(SystemExit) as ended:
            main()
    gc.enable()  # some verbs do without
    code = ended.value.code
    assert isinstance(code, int)
    return Answer(arguments, code, out.getvalue(), err.getvalue())
