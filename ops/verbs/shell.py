"""`ops shell`."""

import sys

import click

from ops.verbs.options import app_option, context_options


@click.command("shell")
@app_option
@context_options
def command(app_name: str | None, context: str | None, confirm_context: str | None) -> None:
    """Open a Django shell in the newest ready web pod.

    Runs `manage.py shell` there, on this terminal. What is saved in it is saved in the live
    database. A receipt of the session is kept in the cluster (`ops status` shows the last ones);
    what is typed is not.

    Exit code: that of the shell.
    """
    from ops.cluster.context import open_for_change
    from ops.documents.fleet import load
    from ops.errors import UsageError
    from ops.host.terminal import handed_over
    from ops.manage import command_receipt, web_pod

    fleet = load()
    app = fleet.app(app_name)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        run = "ops manage --exec shell --command '…'"
        raise UsageError(f"a shell needs a terminal; `{run}` runs Python code without one")
    cluster = open_for_change(fleet.platform, context, confirm_context)
    pod = web_pod.newest_ready(cluster, app)
    click.echo(f"Pod {pod.namespace}/{pod.name}")
    with command_receipt.kept(cluster, app, ("shell",), click.echo) as record:
        record.where = f"Pod {pod.name}"
        record.exit_code = web_pod.execute(cluster, app, pod, ("shell",), handed_over)
    sys.exit(record.exit_code)
