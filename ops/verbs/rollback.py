"""`ops rollback`."""

from pathlib import Path

import click

from ops.verbs.options import app_option


@click.command("rollback")
@app_option
@click.option("--to", metavar="COMMIT", default="", help="Go back to the image of this commit.")
@click.option("--reason", metavar="TEXT", default="", help="The reason, for the commit's message.")
@click.option(
    "--schema-is-compatible",
    is_flag=True,
    help="Go back even if the older image lacks migrations, or its migrations cannot be read.",
)
def command(app_name: str | None, to: str, reason: str, *, schema_is_compatible: bool) -> None:
    """Commit the revert to the image before.

    Reverts the last commit that changed the app's image, or all since COMMIT. First compares
    the migrations in both images, read from the registry: an older image that lacks some would
    run on a schema newer than its code. On failure, nothing is changed; pushes nothing.
    """
    from ops.documents.fleet import load
    from ops.rollback import revert

    app = load().app(app_name)
    revert.roll_back(Path(), app, to, schema_is_compatible=schema_is_compatible, reason=reason)
