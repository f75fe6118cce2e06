"""`ops preflight`."""

import sys

import click

from ops.verbs.options import of_app, reading


@click.command("preflight")
@of_app
@reading
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(app_name: str | None, context: str | None, *, as_json: bool) -> None:
    """Check all that a deploy stands on: cluster, database, way in, Argo CD; changes nothing.

    Each line is ok, warning, failed or not checked, with what tells and what mends it. A warning,
    such as a database without backups, does not stop a deploy. What cannot be checked, because the
    cluster is away, a right is missing or no name server answers, is no pass. What `ops deploy`
    brings itself (the namespace's label, the Applications, the Secrets) fails here as long as it
    is not there, and does not stop it.

    Exit code 0 if every line is ok or a warning, 1 if one is not, 2 for wrong usage.
    """
    from ops.cluster.door import Cluster
    from ops.preflight import run, show
    from ops.rendered import load

    fleet = load()
    app = fleet.app(app_name)
    cluster = Cluster.open(context)
    if as_json:
        lines = run.run(fleet, app, cluster)
        print(show.as_json(app.name, cluster.context, lines))
    else:
        title = f"{app.name} on {cluster.context}"
        lines = show.show(title, run.begin_all(fleet, app, cluster))
    sys.exit(0 if all(line.passes for line in lines) else 1)
