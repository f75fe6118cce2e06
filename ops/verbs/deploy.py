"""`ops deploy`."""

import click

from ops.verbs.options import guarded, of_app


@click.command("deploy")
@of_app
@guarded
@click.option("--direct", is_flag=True, help="Without Argo CD: server-side apply, wave by wave.")
@click.option(
    "--skip", "skipped", multiple=True, metavar="CHECK", help="Do without this preflight check."
)
@click.option(
    "--dry-run", is_flag=True, help="Show what the API server would change; change nothing."
)
def command(
    app_name: str | None,
    context: str | None,
    confirm_context: str | None,
    skipped: tuple[str, ...],
    *,
    direct: bool,
    dry_run: bool,
) -> None:
    """Bring an app onto the cluster as it is committed, and wait until it is healthy.

    Asks whether the commit is pushed, runs the gate and the preflight, takes the lock, applies the
    app's encrypted secrets, and has Argo CD sync the commit; on an empty cluster it applies the
    root Application. Stops at the first failure, and says why. Keeps a receipt in the cluster.

    Started again after a failure, an interruption or a lost connection, it goes on. Ctrl-C gives
    the lock back; what Argo CD has begun, it ends by itself.

    Exit code 0 if the app is healthy, 1 if not, 2 for wrong usage, 130 after Ctrl-C.
    """
    from ops import rendered
    from ops.cluster.context import open_for_change
    from ops.cluster.door import Cluster
    from ops.deploy import dry_run as trial
    from ops.deploy.run import Deploy
    from ops.errors import UsageError
    from ops.preflight.run import CHECKS

    known = [check.id for check in CHECKS]
    if unknown := sorted(set(skipped).difference(known)):
        problem = f"--skip {unknown[0]}: the preflight has no such check"
        raise UsageError(f"{problem}; it has {', '.join(known)}")
    fleet = rendered.load()
    app = fleet.app(app_name)
    if dry_run:
        for line in trial.differences(Cluster.open(context), app):
            click.echo(line)
        return
    cluster = open_for_change(fleet.platform, context, confirm_context)
    deploy = Deploy(
        cluster=cluster,
        fleet=fleet,
        app=app,
        say=click.echo,
        is_direct=direct,
        skipped=skipped,
    )
    done = deploy.run()
    click.echo(f"{app.name} is deployed and healthy: {done.image}, commit {done.commit[:7]}")
    click.echo(f"https://{app.host}/")
