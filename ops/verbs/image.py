"""`ops image`."""

import sys
from pathlib import Path

import click

from ops.verbs.options import app_option


@click.group("image")
def command() -> None:
    """Show the image of an app, or declare another."""


@command.command("show")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def show_images(*, as_json: bool) -> None:
    """Show the image of every app, and the digest that its tag has in the registry now.

    Exit code 0, or 1 if the registry could not be queried for one.
    """
    import json
    from dataclasses import asdict

    from ops.documents.fleet import load
    from ops.image import listing

    shown = list(listing.images(load().all()))
    if as_json:
        print(json.dumps([asdict(one) for one in shown], indent=1))
    else:
        listing.show(shown)
    sys.exit(1 if any(one.problem for one in shown) else 0)


@command.command("set")
@click.argument("tag")
@app_option
def set_tag(tag: str, app_name: str | None) -> None:
    """Declare the image that TAG names in the registry, and render it.

    The digest is looked up there; only tag and digest in apps/NAME.py change. An image that the
    node cannot run is refused: one for another architecture, or an artifact that is none. Shows
    the difference, and commits nothing. On failure, nothing is changed.
    """
    from ops.documents.fleet import load
    from ops.image import retag

    retag.use(Path(), load().app(app_name), tag)
