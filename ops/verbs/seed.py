"""`ops seed`."""

import click

from ops.verbs.options import app_option, context_options


@click.command("seed")
@app_option
@context_options
def command(app_name: str | None, context: str | None, confirm_context: str | None) -> None:
    """Run the app's own `manage.py seed`, and show the log.

    The app's seed command must be idempotent.
    """
    from ops.cluster.context import open_for_change
    from ops.documents.fleet import load
    from ops.manage.manage_job import ManageCommand, run

    fleet = load()
    app = fleet.app(app_name)
    cluster = open_for_change(fleet.platform, context, confirm_context)
    command = ManageCommand(app=app, verb="seed", arguments=("seed",))
    run(cluster, command.job(), click.echo)
