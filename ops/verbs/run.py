"""`ops run`."""

import sys

import click

from ops.verbs.options import app_option, context_options


@click.command("run")
@app_option
@context_options
@click.argument("schedule_name", metavar="SCHEDULE")
def command(
    app_name: str | None, context: str | None, confirm_context: str | None, schedule_name: str
) -> None:
    """Run a schedule of the app now, and show its log.

    Makes a Job from the rendered CronJob, which the CronJob then counts as its own: a success is
    its last success, and the Job is deleted with the older ones. Refused while a Job of the
    schedule runs, unless its concurrency allows several. A run that becomes due meanwhile starts
    beside this one. A receipt is kept in the cluster (`ops status` shows the last ones).

    Ctrl-C does not end the Job; it shows how to stop it.

    Exit code: that of the command; 1 if it could not be run, 2 for wrong usage.
    """
    from ops.cluster.context import open_for_change
    from ops.documents.fleet import load
    from ops.manage import command_receipt, manage_job, schedule_job

    fleet = load()
    app = fleet.app(app_name)
    cron_job = schedule_job.schedule(app, schedule_name)
    cluster = open_for_change(fleet.platform, context, confirm_context)
    with command_receipt.kept(cluster, app, ("run", schedule_name), click.echo) as record:
        job = schedule_job.job(cluster, cron_job)
        manage_job.finish(cluster, job, record, click.echo)
    sys.exit(record.exit_code)
