"""`ops rollback`."""

from pathlib import Path

import click

from ops.verbs.options import of_app


@click.command("rollback")
@of_app
@click.option("--to", metavar="COMMIT", default="", help="Back to the image of this commit.")
@click.option("--reason", metavar="TEXT", default="", help="Why, for the commit's message.")
@click.option(
    "--schema-is-compatible",
    is_flag=True,
    help="Go back though the older image does not know every migration, or none can be read.",
)
def command(app_name: str | None, to: str, reason: str, *, schema_is_compatible: bool) -> None:
    """Commit the revert to the image before.

    Reverts the last commit that changed the app's image, or all since COMMIT. Compares first, from
    the registry, the migrations in both images: an older one that lacks some would meet a schema
    newer than its code. Whatever fails leaves everything as it was; pushes nothing.
    """
    from ops.rendered import load
    from ops.rollback import revert

    app = load().app(app_name)
    revert.roll_back(Path(), app, to, schema_is_compatible=schema_is_compatible, reason=reason)
