"""The first account of the app, made by Django itself, whichever user model it has.

Nothing of it is kept but in the app's database.
"""

from __future__ import annotations

import base64
import secrets as randomness
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from ops.cluster.client import Cluster
from ops.documents.fleet import App
from ops.errors import UsageError
from ops.kinds.secret import Secret
from ops.manage import manage_job
from ops.manage.manage_job import ManageCommand
from ops.objects.base import Document
from railiance.annotations import COMPONENT, NAME

VARIABLE = "DJANGO_SUPERUSER_{}"
"""Where Django's createsuperuser reads a field. Source: Django, "django-admin"."""
ARGUMENTS = ("createsuperuser", "--noinput")


@dataclass(frozen=True, kw_only=True)
class Account:
    """Who is to be a superuser."""

    user: str
    email: str
    password: str = field(repr=False)
    fields: Mapping[str, str] = field(default_factory=dict)
    """What else the app's user model requires."""

    def variables(self) -> dict[str, str]:
        """All of it, as createsuperuser reads it: it takes the fields that the user model has."""
        own = {"username": self.user, "email": self.email, "password": self.password}
        return {
            VARIABLE.format(name.upper()): text for name, text in {**self.fields, **own}.items()
        }


def fields(arguments: Iterable[str]) -> dict[str, str]:
    """The values by name of NAME=VALUE arguments.

    Raises UsageError for what is no field's name, is given twice, or has an own option or prompt.
    """
    pairs = [argument.partition("=") for argument in arguments]
    names = [name.lower() for name, _, _ in pairs]
    if not all(name.isascii() and name.isidentifier() and given for name, given, _ in pairs):
        raise UsageError("--field takes NAME=VALUE, a field of the app's user model and its value")
    if own := sorted({"username", "email", "password"}.intersection(names)):
        raise UsageError(
            f"--field names {', '.join(own)}; give USER, --email, or --password-stdin instead"
        )
    if len(set(names)) < len(names):
        raise UsageError("--field names a field twice")
    return {name: value for name, (_, _, value) in zip(names, pairs, strict=True)}


def create(cluster: Cluster, app: App, account: Account, say: Callable[[str], None]) -> None:
    """Create a superuser by a Job.

    The account travels in a Secret of the app's namespace that is deleted when the Job has ended;
    one that an interruption left there is deleted by the next. Raises OpsError if the
    Job fails, for instance because there is a user of that name.
    """
    with _secret(cluster, app, account) as name:
        command = ManageCommand(app=app, verb="superuser", arguments=ARGUMENTS, secret=name)
        manage_job.run(cluster, command.job(), say)


@contextmanager
def _secret(cluster: Cluster, app: App, account: Account) -> Iterator[str]:
    name = f"{app.name[:35]}-superuser-{randomness.token_hex(4)}"
    labels = {NAME: app.name, COMPONENT: "superuser"}
    secret: Document = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": app.namespace, "labels": labels},
        "data": {
            name: base64.b64encode(value.encode()).decode()
            for name, value in account.variables().items()
        },
    }
    for left in cluster.all(Secret, app.namespace, labels):  # by one that was interrupted
        cluster.delete(Secret, left.name, app.namespace)
    cluster.create(secret)
    try:
        yield name
    finally:
        cluster.delete(Secret, name, app.namespace)
