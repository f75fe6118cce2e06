"""`ops logs`."""

import contextlib

import click

from ops.verbs.duration import Duration
from ops.verbs.options import app_option, context_option


@click.command("logs")
@app_option
@context_option
@click.argument("process_name", metavar="[PROCESS]", default="web")
@click.option("--follow", "-f", is_flag=True, help="Show new lines as they come, until Ctrl-C.")
@click.option(
    "--since", "since_seconds", type=Duration(), help="Only lines of the last 90s, 10m, 2h, …"
)
@click.option("--previous", "-p", is_flag=True, help="Show the log before the last restart.")
def command(
    app_name: str | None,
    context: str | None,
    process_name: str,
    since_seconds: int | None,
    *,
    follow: bool,
    previous: bool,
) -> None:
    """Show the logs of an app's pods.

    PROCESS is web (the default), migrate, valkey, the name of a worker or a schedule, or manage for
    the Jobs of `ops manage`. All pods are shown, oldest first; of several, each line begins with
    the end of its pod's name. An init container is shown while it runs, and if it has failed. What
    keeps a container from running, and how it ended last, is printed on standard error.

    With --follow also pods and restarts to come; it ends by itself when all pods of a Job have
    ended.

    Exit code 0, 1 if there is no pod or no log, 2 for wrong usage.
    """
    from ops.cluster.context import open_to_read
    from ops.documents.fleet import load
    from ops.errors import UsageError
    from ops.logs.process import process
    from ops.logs.process_logs import Following, Logs

    if follow and previous:
        raise UsageError("--previous is about a container that has ended; leave out --follow")
    app = load().app(app_name)
    chosen = process(app, process_name)
    logs = Logs(
        cluster=open_to_read(context),
        app=app,
        process=chosen,
        since_seconds=since_seconds,
        previous=previous,
    )
    if not follow:
        logs.show()
        return
    with contextlib.suppress(KeyboardInterrupt):
        Following(logs).run()
