"""`ops status`."""

import sys

import click

from ops.verbs.options import of_app, reading


@click.command("status")
@of_app
@reading
@click.option("--watch", is_flag=True, help="Look again every 2 seconds, until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; with --watch, a line a change.")
def command(app_name: str | None, context: str | None, *, watch: bool, as_json: bool) -> None:
    """Show how an app stands on the cluster, on one screen; changes nothing.

    Each line is ok, under way, wrong or unknown. Under way is what ends by itself and says so if
    it fails: a sync that runs and what differs meanwhile, pods that are replaced, a certificate
    that is asked for. Wrong is also a certificate with less than 14 days left, whatever Argo CD
    calls Degraded, Missing or Suspended, and any rendered field that the cluster has otherwise.
    Unknown is what could not be read, or what nobody has reported. A deploy that failed in the
    past is shown and is no fault.

    Exit code 0 if each line is ok or under way, 1 if one is wrong or unknown or the cluster is
    away, 2 for wrong usage; with --watch, that of the last look.
    """
    from ops.cluster.door import Cluster
    from ops.rendered import load
    from ops.status import show
    from ops.status.look import look

    app = load().app(app_name)
    cluster = Cluster.open(context)
    title = f"{app.name} on {cluster.context}"
    if watch:
        well = show.again_and_again(title, lambda: look(app, cluster), as_json=as_json)
    else:
        well = show.once(title, look(app, cluster), as_json=as_json)
    sys.exit(0 if well else 1)
