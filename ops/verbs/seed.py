"""`ops seed`."""

import click

from ops.verbs.options import guarded, of_app


@click.command("seed")
@of_app
@guarded
def command(app_name: str | None, context: str | None, confirm_context: str | None) -> None:
    """Run the app's own `manage.py seed`, and show the log.

    The app promises that a second seed changes nothing.
    """
    from ops import jobs, rendered
    from ops.cluster.context import open_for_change

    fleet = rendered.load()
    app = fleet.app(app_name)
    cluster = open_for_change(fleet.platform, context, confirm_context)
    job = jobs.ManageCommand(app=app, verb="seed", arguments=("seed",)).job()
    jobs.run(cluster, job, click.echo)
