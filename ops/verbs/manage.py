"""`ops manage`."""

import sys
from contextlib import nullcontext
from pathlib import Path

import click

from ops.verbs.duration import Duration
from ops.verbs.options import app_option, context_options


@click.command("manage", context_settings={"allow_interspersed_args": False})
@app_option
@context_options
@click.option(
    "--exec", "in_pod", is_flag=True, help="Run it in the newest ready web pod, without a Job."
)
@click.option(
    "--image-of",
    "commit",
    metavar="COMMIT",
    default="",
    help="Run it with the image that the app has in this commit (default: the rendered one).",
)
@click.option(
    "--timeout",
    "timeout_seconds",
    type=Duration(),
    default="6h",
    show_default=True,
    help="When the Job is stopped.",
)
@click.argument("arguments", metavar="COMMAND...", nargs=-1, required=True)
def command(
    app_name: str | None,
    context: str | None,
    confirm_context: str | None,
    arguments: tuple[str, ...],
    *,
    timeout_seconds: int,
    commit: str,
    in_pod: bool,
) -> None:
    """Run a command of manage.py, and show its log.

    COMMAND is what follows manage.py, with its arguments; options of ops come before it. It runs
    once, in a Job with the image, environment, secrets, volumes and limits of the rendered migrate
    Job. The Job and its log are kept for a day. With --exec it runs in a web pod instead, which
    starts at once, has the folders of the web pods, and shares their memory limit: for short
    commands.

    `migrate` is refused while a deploy, a sync of Argo CD or another Job migrates.

    Ctrl-C ends neither; it shows how to stop the command. A receipt is kept in the cluster
    (`ops status` shows the last ones), without arguments that look secret. Give no secrets as
    arguments: they are part of the Job.

    Exit code: that of the command; 1 if it could not be run, 2 for wrong usage.
    """
    from ops.cluster.context import open_for_change
    from ops.documents.fleet import load
    from ops.errors import UsageError
    from ops.manage import command_receipt, manage_job, migration_guard, web_pod
    from ops.rollback import history

    if in_pod and commit:
        raise UsageError("--exec runs in a web pod, with its image; leave out --exec or --image-of")
    fleet = load()
    app = fleet.app(app_name)
    image = history.image_of(Path(), app, commit) if commit else ""
    cluster = open_for_change(fleet.platform, context, confirm_context)
    migrates = migration_guard.changes_the_schema(arguments)
    guard = migration_guard.alone(cluster, app) if migrates else None
    with command_receipt.kept(cluster, app, ("manage", *arguments), click.echo) as record:
        if in_pod:
            pod = web_pod.newest_ready(cluster, app)
            record.where = f"Pod {pod.name}"
            with guard or nullcontext():
                record.exit_code = web_pod.execute(cluster, app, pod, arguments, keyboard=None)
        else:
            manage = manage_job.ManageCommand(
                app=app,
                verb="manage",
                arguments=arguments,
                timeout_seconds=timeout_seconds,
                image=image,
            )
            manage_job.finish(cluster, manage.job(), record, click.echo, guard)
    sys.exit(record.exit_code)
