"""`ops deploy`."""

import click

from ops.verbs.options import app_option, context_options


@click.command("deploy")
@app_option
@context_options
@click.option(
    "--direct", is_flag=True, help="Deploy without Argo CD: server-side apply, wave by wave."
)
@click.option(
    "--skip", "skipped", multiple=True, metavar="CHECK", help="Skip this preflight check."
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
    """Deploy an app as committed and wait until it is healthy.

    Checks that the commit is pushed, runs the gate and the preflight, takes the lock, applies the
    app's encrypted secrets, and has Argo CD sync the commit; on an empty cluster it applies the
    root Application. Stops at the first failure and reports it. Keeps a receipt in the cluster.

    Run it again after a failure, an interruption or a lost connection to continue. Ctrl-C releases
    the lock; Argo CD completes a sync that it has started.

    Exit code 0 if the app is healthy, 1 if not, 2 for wrong usage, 130 after Ctrl-C.
    """
    from ops.cluster.context import open_for_change, open_to_read
    from ops.deploy import dry_run as trial
    from ops.deploy.steps import Deploy
    from ops.documents.fleet import load
    from ops.errors import UsageError
    from ops.preflight.checklist import CHECKS

    known = [check.id for check in CHECKS]
    if unknown := sorted(set(skipped).difference(known)):
        problem = f"--skip {unknown[0]}: the preflight has no such check"
        raise UsageError(f"{problem}; it has {', '.join(known)}")
    fleet = load()
    app = fleet.app(app_name)
    if dry_run:
        for line in trial.differences(open_to_read(context), app):
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
    if app.maintenance:
        link = f"`ops maintenance link --app {app.name}`"
        click.echo(f"visitors see the maintenance page; {link} shows you the app")
