"""`ops new`."""

from pathlib import Path

import click


@click.command("new")
@click.argument("name")
@click.option("--host", metavar="HOST", help="Default: NAME in the domain of the first app.")
@click.option("--repository", metavar="IMAGE", help="Default: NAME beside the first app's image.")
@click.option("--tag", metavar="TAG", help="The image's tag; there is no default.")
@click.option("--digest", metavar="DIGEST", help="Default: what the registry has for the tag.")
@click.option("--settings", metavar="MODULE", help="Default: NAME.settings.prod.")
@click.option("--database", metavar="DATABASE", help="Default: NAME.")
@click.option("--role", metavar="ROLE", help="The database's owner. Default: NAME.")
@click.option("--media", metavar="SIZE", help="A volume for uploads, such as 5Gi. Default: none.")
@click.option("--replicas", type=click.IntRange(1), help="Web pods. Default: 1.")
@click.option(
    "--like",
    type=click.Choice(["plain", "celery"]),
    default="plain",
    show_default=True,
    help="plain: web pods alone. celery: with a worker, beat, a queue in Valkey and a schedule.",
)
def command(
    name: str, like: str, digest: str | None, replicas: int | None, **given: str | None
) -> None:
    """Declare an app called NAME, render it, and check it.

    Prompts for the options that are not given; non-interactive: defaults apply. On failure,
    nothing is left behind. Commits nothing, and prints the remaining steps: DNS, the role in the
    shared database cluster, secrets.
    """
    from ops.new.add import add

    given["replicas"] = None if replicas is None else str(replicas)
    add(Path(), name, like, given, digest)
