"""`ops remove`."""

from pathlib import Path

import click


@click.command("remove")
@click.argument("name")
def command(name: str) -> None:
    """Remove the app called NAME from the repository, and check what is left.

    Removes its declaration, rendered files and secrets file, or, on failure, nothing. Commits
    nothing and changes nothing on the cluster. Prints the remaining steps: the commit with its
    trailer, DNS, and how to delete what stays: database, role, Namespace, volumes, bucket.
    """
    from ops.remove.remove import remove

    remove(Path(), name)
