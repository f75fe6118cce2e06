"""`ops image`."""

import sys
from pathlib import Path

import click

from ops.verbs.options import of_app


@click.group("image")
def command() -> None:
    """Look at the image of an app, or declare another."""


@command.command("show")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def show_images(*, as_json: bool) -> None:
    """Show the image of every app, and what its tag means in the registry now.

    Exit code 0, or 1 if the registry could not answer for one.
    """
    import json
    from dataclasses import asdict

    from ops.image import show
    from ops.rendered import load

    shown = list(show.images(load().all()))
    if as_json:
        print(json.dumps([asdict(one) for one in shown], indent=1))
    else:
        show.show(shown)
    sys.exit(1 if any(one.problem for one in shown) else 0)


@command.command("set")
@click.argument("tag")
@of_app
def set_tag(tag: str, app_name: str | None) -> None:
    """Declare the image that TAG names in the registry, and render it.

    The digest is looked up there; only tag and digest in apps/NAME.py change. Shows the
    difference, and commits nothing. Whatever fails leaves everything as it was.
    """
    from ops.image import change
    from ops.rendered import load

    change.use(Path(), load().app(app_name).name, tag)
