"""`ops migrate`."""

import click

from ops.verbs.options import app_option, context_options


@click.command("migrate")
@app_option
@context_options
@click.option("--plan", is_flag=True, help="List the pending migrations; run nothing.")
def command(
    app_name: str | None, context: str | None, confirm_context: str | None, *, plan: bool
) -> None:
    """Migrate the app's database, with the rendered image, and show the log.

    A deploy does this by itself; use this to preview migrations, or after a manual repair. If all
    migrations are applied, it changes nothing. Refused while a deploy, a sync of Argo CD or another
    Job migrates. With --plan, the exit code is 1 if the list could not be shown.
    """
    from ops.cluster.context import open_for_change
    from ops.documents.fleet import load
    from ops.errors import OpsError
    from ops.manage import migration_guard
    from ops.manage.manage_job import ManageCommand, run

    fleet = load()
    app = fleet.app(app_name)
    cluster = open_for_change(fleet.platform, context, confirm_context)
    arguments = ("migrate", "--plan") if plan else ("migrate", "--noinput")
    command = ManageCommand(app=app, verb="migrate-by-hand", arguments=arguments)
    guard = None if plan else migration_guard.alone(cluster, app)
    ended = run(cluster, command.job(), click.echo, guard)
    if plan and (unread := ended.unread):
        raise OpsError(f"the pending migrations are not known: {unread}; run it again")
