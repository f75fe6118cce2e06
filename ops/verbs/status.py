"""`ops status`."""

import sys

import click

from ops.verbs.options import app_option, context_option


@click.command("status")
@app_option
@context_option
@click.option("--watch", is_flag=True, help="Look again every 2 seconds, until Ctrl-C.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON; with --watch, one line per change."
)
def command(app_name: str | None, context: str | None, *, watch: bool, as_json: bool) -> None:
    """Show the state of an app on the cluster, on one screen; change nothing.

    Each line is ok, in progress, failed or unknown. In progress: a running sync and
    the differences during it, pods that are being replaced, a certificate that is requested; each
    ends by itself or becomes failed. Failed includes a certificate with less than 14 days left,
    anything that Argo CD reports as Degraded, Missing or Suspended, and any rendered field that
    differs on the cluster. Unknown: it could not be read, or no controller has reported it. A
    past deploy that failed is shown, but does not count as failed.

    Exit code 0 if each line is ok or in progress, 1 if one is failed or unknown or the cluster is
    down, 2 for wrong usage; with --watch, that of the last look.
    """
    from ops.cluster.context import open_to_read
    from ops.documents.fleet import load
    from ops.status import status_screen
    from ops.status.look import look

    app = load().app(app_name)
    cluster = open_to_read(context)
    title = f"{app.name} on {cluster.context}"
    if watch:
        well = status_screen.again_and_again(title, lambda: look(app, cluster), is_json=as_json)
    else:
        well = status_screen.once(title, look(app, cluster), is_json=as_json)
    sys.exit(0 if well else 1)
