"""`ops superuser`."""

import sys

import click

from ops.verbs.options import app_option, context_options


@click.command("superuser")
@app_option
@context_options
@click.argument("user")
@click.option("--email", required=True, help="The account's e-mail address.")
@click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="NAME=VALUE",
    help="A further field that the app's user model requires.",
)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def command(
    app_name: str | None,
    context: str | None,
    confirm_context: str | None,
    user: str,
    email: str,
    *,
    fields: tuple[str, ...],
    password_stdin: bool,
) -> None:
    """Create a superuser of the app.

    USER is the name to log in with; of an app whose users log in with their address, the address
    again. Prompts for the password, or reads it from standard input; it is stored only as a hash
    in the app's database.
    """
    from ops.cluster.context import open_for_change
    from ops.documents.fleet import load
    from ops.errors import UsageError
    from ops.host import password
    from ops.manage import superuser
    from ops.smoke.target import target_of

    further = superuser.fields(fields)
    fleet = load()
    app = fleet.app(app_name)
    login_path = target_of(app).pages.login_path
    cluster = open_for_change(fleet.platform, context, confirm_context)
    if password_stdin:
        secret = password.from_stdin()
    elif sys.stdin.isatty():
        secret = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        raise UsageError("no terminal to ask for the password; give it with --password-stdin")
    account = superuser.Account(user=user, email=email, password=secret, fields=further)
    superuser.create(cluster, app, account, click.echo)
    click.echo(f"{user} can log in at https://{app.host}{login_path}")
