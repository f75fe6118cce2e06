"""`ops migrate`."""

import click

from ops.verbs.options import guarded, of_app


@click.command("migrate")
@of_app
@guarded
@click.option("--plan", is_flag=True, help="Only list what would be migrated.")
def command(
    app_name: str | None, context: str | None, confirm_context: str | None, *, plan: bool
) -> None:
    """Migrate the app's database, with the rendered image, and show the log.

    A deploy does this by itself; this is for a look ahead, or after a repair by hand. With all
    migrations applied it changes nothing.
    """
    from ops import jobs, rendered
    from ops.cluster.context import open_for_change

    fleet = rendered.load()
    app = fleet.app(app_name)
    cluster = open_for_change(fleet.platform, context, confirm_context)
    arguments = ("migrate", "--plan") if plan else ("migrate", "--noinput")
    job = jobs.ManageCommand(app=app, verb="migrate-by-hand", arguments=arguments).job()
    jobs.run(cluster, job, click.echo)
