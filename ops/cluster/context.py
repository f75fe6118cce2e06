"""Opening a cluster for a verb: it shows which one, and guards against changing the wrong one."""

import sys

import click

from ops.cluster.client import Cluster
from ops.errors import OpsError
from ops.results.table import printable
from railiance.platform import Platform


def open_to_read(context: str | None = None) -> Cluster:
    """The cluster of a context, shown on standard error with its server."""
    cluster = Cluster.open(context)
    click.echo(f"context {cluster.context}, server {printable(cluster.server)}", err=True)
    return cluster


def open_for_change(
    platform: Platform, context: str | None = None, confirmed: str | None = None
) -> Cluster:
    """The cluster of a context, for a verb that changes something on it.

    The declared context is the platform's name. For any other the operator types the context's
    name, on the terminal or with --confirm-context. Raises OpsError otherwise.
    """
    cluster = open_to_read(context)
    if cluster.context in (platform.name, confirmed):
        return cluster
    warning = f"context {cluster.context} ({cluster.server}) is not {platform.name}"
    if not sys.stdin.isatty():
        fix = f"--confirm-context {cluster.context} if it is the one you mean"
        raise OpsError(f"{warning}; give {fix}")
    click.echo(f"{warning}.", err=True)
    if click.prompt("Type the context's name to continue", err=True) != cluster.context:
        raise OpsError(f"nothing was changed: {warning}")
    return cluster
