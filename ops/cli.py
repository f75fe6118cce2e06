"""The command line: `ops VERB`. Each verb is a file below ops/verbs/, imported when called for."""

import os
import signal
import sys
import threading
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper

import click

from ops.errors import AbortedError, OpsError
from ops.host import repository

VERBS = (
    "gate",
    "plan",
    "comment",
    "preflight",
    "secrets",
    "deploy",
    "status",
    "logs",
    "migrate",
    "seed",
    "superuser",
    "manage",
    "shell",
    "run",
    "media",
    "smoke",
    "maintenance",
    "image",
    "rollback",
    "new",
    "remove",
)
"""The verbs in the order in which `ops --help` lists them."""
ENDINGS = (signal.SIGTERM, signal.SIGHUP)
"""A verb that is terminated, or whose terminal is closed, cleans up as after Ctrl-C."""


class Verbs(click.Group):
    """The verbs, each imported when its help or its work is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """Every verb."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The verb's command, or None if there is no such verb."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"ops.verbs.{cmd_name}").command
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Runs a verb; Ctrl-C becomes an error of ours, for click's has exit code 1."""
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, click.Abort) as error:
            raise AbortedError("interrupted; run the same command again to continue") from error


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Operate the Django apps on railiance01, as rendered in dist/ and argocd/."""


def main() -> None:
    """Runs the command line; an OpsError or OSError becomes a sentence on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # for a terminal that has no arrows
    for ending in ENDINGS:
        if signal.getsignal(ending) is signal.SIG_DFL:  # nohup has one ignored
            signal.signal(ending, signal.default_int_handler)
    try:
        repository.enter()
        cli(prog_name="ops")
    except OpsError as error:
        if isinstance(error, AbortedError) and sys.stderr.isatty():
            print(file=sys.stderr)  # the terminal has just shown ^C
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except OSError as error:  # a folder that may not be read, a disk that is full
        print(f"error: {error.filename or 'output'}: {error.strerror}", file=sys.stderr)
        sys.exit(1)


def program() -> None:
    """`main` as a process of its own, which ends at once if a thread still waits for an answer.

    Python's clean-up can crash (exit code -11) while such a thread is in a library's native code.
    """
    try:
        main()
    except SystemExit as end:
        if threading.active_count() == 1 or not isinstance(end.code, int):
            raise
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):  # nobody reads it any more
                stream.flush()
        os._exit(end.code)
