"""`ops maintenance`."""

from pathlib import Path

import click

from ops.verbs.options import app_option, context_option

HOURS = 12


@click.group("maintenance")
def command() -> None:
    """Show visitors a maintenance page, while operators still see the app."""


@command.command("on")
@app_option
def turn_on(app_name: str | None) -> None:
    """Declare that visitors see the maintenance page, and render it.

    They get 503 with Retry-After; nothing else changes: pods, workers, schedules and certificates
    stay. Only `maintenance` in apps/NAME.py changes. Shows the difference, and commits nothing.
    """
    _turn(app_name, on=True)


@command.command("off")
@app_option
def turn_off(app_name: str | None) -> None:
    """Declare that visitors see the app again, and render it.

    Shows the difference, and commits nothing.
    """
    _turn(app_name, on=False)


def _turn(app_name: str | None, *, on: bool) -> None:
    from ops.documents.fleet import load
    from ops.maintenance import switch

    switch.turn(Path(), load().app(app_name).name, on=on)


@command.command("link")
@app_option
@context_option
@click.option(
    "--hours",
    type=click.IntRange(1, 24 * 7),
    default=HOURS,
    show_default=True,
    help="How long the address opens the app.",
)
def link(app_name: str | None, context: str | None, hours: int) -> None:
    """Print an address that shows an operator the app during maintenance.

    It sets a cookie in the browser. It is signed with the app's secret key, which is read from the
    cluster; whoever has the address sees the app, so send it to operators only.
    """
    from ops.cluster.context import open_to_read
    from ops.documents.fleet import load
    from ops.maintenance import operator_pass

    app = load().app(app_name)
    click.echo(operator_pass.address(open_to_read(context), app, hours))
