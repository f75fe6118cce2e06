"""The command line: `ops VERB`. Each verb is a file below ops/verbs/, imported when called for."""

import signal
import sys
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path

import click

from ops.errors import AbortedError, OpsError

VERBS = (
    "gate",
    "plan",
    "comment",
    "preflight",
    "secrets",
    "deploy",
    "status",
    "migrate",
    "seed",
    "superuser",
    "smoke",
    "image",
    "rollback",
    "new",
)
"""The verbs in the order in which `ops --help` lists them."""
MISSHAPEN = (AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What a document raises that has, say, a text where its kind has a mapping."""
ENDINGS = (signal.SIGTERM, signal.SIGHUP)
"""A verb that is ended from outside, or whose terminal is gone, tidies up as after Ctrl-C."""


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
        """Runs a verb; Ctrl-C becomes an error of ours: click's would have exit code 1."""
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, click.Abort) as error:
            raise AbortedError("interrupted; the same command goes on") from error


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Look after the Django apps on railiance01, from what is rendered in dist/ and argocd/."""


def main() -> None:
    """Runs the command line; an OpsError or OSError becomes a sentence on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # for a terminal that has no arrows
    for ending in ENDINGS:
        if signal.getsignal(ending) is signal.SIG_DFL:  # nohup has one ignored
            signal.signal(ending, signal.default_int_handler)
    try:
        cli(prog_name="ops")
    except MISSHAPEN as error:
        if not gate_refuses():
            raise
        problem = "what is rendered does not have the shape of its kind, so this cannot be done"
        print(f"error: {problem} ({error!r}); `ops gate` says where", file=sys.stderr)
        sys.exit(1)
    except OpsError as error:
        if isinstance(error, AbortedError) and sys.stderr.isatty():
            print(file=sys.stderr)  # the terminal has just shown ^C
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except OSError as error:  # a folder that may not be read, a disk that is full
        print(f"error: {error.filename or 'output'}: {error.strerror}", file=sys.stderr)
        sys.exit(1)


def gate_refuses() -> bool:
    """Whether what is rendered here is why a verb could not go on, not a fault of the verb's."""
    from ops.gate import run  # noqa: PLC0415 (only after something has gone wrong)
    from ops.render import RENDERED  # noqa: PLC0415

    try:
        return not run.run([Path(name) for name in RENDERED], Path(), whole_repository=False).passed
    except OpsError:
        return False


if __name__ == "__main__":
    main()
