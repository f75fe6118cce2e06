"""`ops preflight`."""

import sys

import click

from ops.verbs.options import app_option, context_option


@click.command("preflight")
@app_option
@context_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(app_name: str | None, context: str | None, *, as_json: bool) -> None:
    """Check everything that a deploy needs: cluster, database, exposure, Argo CD; change nothing.

    Each line is ok, warning, failed or unknown, with the evidence and how to fix it. A warning,
    such as a database without backups, does not stop a deploy. What cannot be checked, because
    the cluster is down, a permission is missing or no name server answers, is unknown: not a pass.
    What `ops deploy` itself applies (the namespace's label, the Applications, the Secrets) fails
    here as long as it is missing, and does not stop a deploy.

    Exit code 0 if every line is ok or a warning, 1 if one is not, 2 for wrong usage.
    """
    from ops.cluster.context import open_to_read
    from ops.documents.fleet import load
    from ops.preflight import checklist, preflight_screen
    from ops.preflight.skipping import skipping
    from ops.results.result import all_pass
    from ops.results.result import as_json as to_json

    fleet = load()
    app = fleet.app(app_name)
    cluster = open_to_read(context)
    if as_json:
        results = checklist.run(fleet, app, cluster)
        print(to_json({"app": app.name, "context": cluster.context}, results))
    else:
        title = f"{app.name} on {cluster.context}"
        results = preflight_screen.show(title, checklist.begin_all(fleet, app, cluster))
        if found := [result.id for result in results if result.stops_a_deploy]:
            print(f"to skip what failed: {skipping(cluster, fleet.platform, app, found)}")
    sys.exit(0 if all_pass(results) else 1)
