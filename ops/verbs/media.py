"""`ops media`."""

import click

from ops.verbs.options import app_option, context_options


@click.group("media")
def command() -> None:
    """Move an app's uploads from its volume to its bucket."""


@command.command("copy")
@app_option
@context_options
def copy(app_name: str | None, context: str | None, confirm_context: str | None) -> None:
    """Copy the uploads on the volume to the bucket, compare all of them, and show the log.

    A Job with the rendered image, settings and keys reads the volume and writes with the app's own
    storage. It deletes nothing: what the bucket has already is left alone, unless the file is
    newer. Run it again to copy what was uploaded since.

    Exit code 0 if every file is in the bucket with the same checksum or in a newer version, 1 if
    one is not.
    """
    from ops.cluster.context import open_for_change
    from ops.documents.fleet import load
    from ops.manage.manage_job import run
    from ops.media.copy_job import copying

    fleet = load()
    app = fleet.app(app_name)
    cluster = open_for_change(fleet.platform, context, confirm_context)
    run(cluster, copying(cluster, app), click.echo)
