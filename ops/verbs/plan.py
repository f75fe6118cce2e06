"""`ops plan`."""

import gc
import sys
from pathlib import Path

import click

from ops.verbs.given_path import GivenPath


@click.command("plan")
@click.argument("base")
@click.argument("head", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
@click.option("--markdown", is_flag=True, help="Print it as a comment for a pull request.")
@click.option(
    "--html",
    "page",
    type=GivenPath(dir_okay=False),
    help="Write a self-contained HTML page to this file.",
)
def command(
    base: str, head: str | None, page: Path | None, *, as_json: bool, markdown: bool
) -> None:
    """Show what a change does on the cluster, offline, from two git revisions.

    From dist/ and argocd/ at BASE to those at HEAD, or in the work tree.

    Exit code 0 if the change may be merged, 1 if a sync could not start or end, the API server
    would refuse something, or data or a deletion is not acknowledged in a commit's message; 2 for
    wrong usage.
    """
    from ops.plan import build

    if as_json and markdown:
        raise click.UsageError("--json and --markdown exclude each other")
    gc.disable()  # everything read is kept until the end
    found = build.plan(base, head, Path())
    if page:
        from ops.plan.html import write

        write(found, page)
    if as_json:
        from ops.plan.as_json import as_json as to_json

        print(to_json(found))
    elif markdown:
        from ops.plan.markdown import comment

        print(comment(found), end="")
    else:
        from ops.plan.text import show

        show(found)
    sys.exit(0 if found.passed else 1)
