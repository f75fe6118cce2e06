"""`ops superuser`."""

import sys

import click

from ops.verbs.options import app_option, context_options


@click.command("superuser")
@app_option
@context_options
@click.argument("user")
@click.option("--email", required=True, help="The account's e-mail address.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def command(
    app_name: str | None,
    context: str | None,
    confirm_context: str | None,
    user: str,
    email: str,
    *,
    password_stdin: bool,
) -> None:
    """Create a superuser of the app.

    Prompts for the password, or reads it from standard input; it is stored only as a hash in the
    app's database.
    """
    from ops.cluster.context import open_for_change
    from ops.documents.fleet import load
    from ops.errors import UsageError
    from ops.host import password
    from ops.manage import superuser

    fleet = load()
    app = fleet.app(app_name)
    cluster = open_for_change(fleet.platform, context, confirm_context)
    if password_stdin:
        secret = password.from_stdin()
    elif sys.stdin.isatty():
        secret = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        raise UsageError("no terminal to ask for the password; give it with --password-stdin")
    account = superuser.Account(user=user, email=email, password=secret)
    superuser.create(cluster, app, account, click.echo)
    click.echo(f"{user} can log in at https://{app.host}/admin/")
