"""`ops comment`."""

import re
from typing import TextIO

import click

from ops.verbs.given_path import GivenFile


def _one_word(_context: click.Context, _option: click.Parameter, value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9]*", value, re.ASCII):
        raise click.BadParameter("takes one word of lower-case letters and digits")
    return value


@click.command("comment")
@click.argument("file", type=GivenFile(encoding="utf-8"), default="-")
@click.option("--mark", default="plan", callback=_one_word, help="Which comment; default: plan.")
@click.option("--number", type=click.IntRange(min=1), help="The pull request's number.")
def command(file: TextIO, mark: str, number: int | None) -> None:
    """Write a comment on a pull request, or change the one written before.

    The text is FILE, or standard input. The pull request is read from the environment that Gitea
    Actions and GitHub Actions set: GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_REF, and the token in
    GITEA_TOKEN or GITHUB_TOKEN.

    Exit code 0 if the comment is written, 1 if the forge refuses, 2 for wrong usage.
    """
    from ops.errors import UsageError
    from ops.forge import comments

    try:
        text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read the comment: {error}") from error
    if not text.strip():
        raise UsageError("the comment is empty; give it text")
    print(comments.put(comments.from_environment(number), mark, text))
