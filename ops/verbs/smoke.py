"""`ops smoke`."""

import math
import sys
from ipaddress import ip_address
from pathlib import Path

import click

from ops.verbs.given_path import GivenPath
from ops.verbs.options import app_option, context_option

PORT = click.IntRange(1, 65535)


def _address(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    try:
        return value and str(ip_address(value))
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is not an IP address", ctx, param) from error


def refuse_nan(_: click.Context, __: click.Parameter, seconds: float) -> float:
    """NaN is in every range."""
    if math.isnan(seconds):
        raise click.BadParameter("nan is not a duration")
    return seconds


@click.command("smoke")
@app_option
@context_option
@click.option("--user", metavar="NAME", help="The user who logs in; prompts for the password.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option(
    "--ca",
    "authority",
    type=GivenPath(exists=True, dir_okay=False),
    help="Trust the authority in this PEM file, too.",
)
@click.option(
    "--resolve",
    metavar="ADDRESS",
    callback=_address,
    help="Connect to this address instead of the one in DNS.",
)
@click.option("--https-port", type=PORT, default=443, show_default=True)
@click.option("--http-port", type=PORT, default=80, show_default=True)
@click.option(
    "--logs",
    type=GivenPath(exists=True, dir_okay=False, allow_dash=True),
    help="File with the app's log, read at the end; - is standard input.",
)
@click.option(
    "--timeout",
    "timeout_seconds",
    type=click.FloatRange(0.1, 600),
    callback=refuse_nan,
    default=10.0,
    show_default=True,
    help="Timeout for one response, in seconds.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    *,
    app_name: str | None,
    context: str | None,
    user: str | None,
    authority: Path | None,
    resolve: str | None,
    https_port: int,
    http_port: int,
    logs: Path | None,
    timeout_seconds: float,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Visit the live app as a person would, and report what works.

    The pages to visit are declared with the app, as `smoke`. Creates an entry, finds it and removes
    it again; its title is "ops smoke", with the date and a random number. Reads what the pods log
    meanwhile with --context, or from a file with --logs.

    Exit code 0 if every check passes, 1 if one fails or cannot be made, 2 for wrong usage.
    """
    from ops.documents.fleet import load
    from ops.errors import UsageError
    from ops.host import password
    from ops.results.result import all_pass
    from ops.results.result import as_json as to_json
    from ops.smoke import log_file, session, smoke_screen
    from ops.smoke.browser import Browser
    from ops.smoke.place import Place
    from ops.smoke.target import target_of
    from ops.smoke.visit import Person, Visit

    if password_stdin and not user:
        raise UsageError("--password-stdin needs --user")
    if password_stdin and logs == log_file.STDIN:
        raise UsageError("standard input is either the password or the log")
    chosen = load().app(app_name)
    target = target_of(chosen)
    person = None
    if user:
        secret = password.from_stdin() if password_stdin else password.asked(user)
        person = Person(user, secret)
    place = Place(
        host=target.host, address=resolve or "", https_port=https_port, http_port=http_port
    )
    with Browser(place, authority, timeout_seconds) as browser:
        visit = Visit(target, place, browser, timeout_seconds, authority, person)
        if logs:
            visit.logs = lambda: log_file.lines(logs)
        elif context:
            from ops.cluster.context import open_to_read
            from ops.smoke import pod_logs

            visit.logs = pod_logs.since_now(open_to_read(context), chosen)
        results = session.run(visit)
    if as_json:
        print(to_json({"app": chosen.name, "host": target.host}, results))
    else:
        smoke_screen.show(target.host, results)
    sys.exit(0 if all_pass(results) else 1)
