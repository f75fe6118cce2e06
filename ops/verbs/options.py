"""The options that several verbs have."""

from collections.abc import Callable
from typing import TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., object])


def app_option(command: Command) -> Command:
    """`--app`: which app is meant."""
    text = "The app's name (default: the only one rendered)."
    return click.option("--app", "app_name", metavar="NAME", help=text)(command)


def context_options(command: Command) -> Command:
    """`--context` and `--confirm-context`, for a verb that changes something."""
    confirm = click.option(
        "--confirm-context",
        metavar="NAME",
        help="The context's name again, if it is not the declared one.",
    )
    return context_option(confirm(command))


def context_option(command: Command) -> Command:
    """`--context`, for a verb that only asks."""
    return click.option(
        "--context", metavar="NAME", help="Context of the kubeconfig (default: the current one)."
    )(command)
