"""The first account of the app's admin, made by Django itself; its password is not kept."""

from __future__ import annotations

import base64
import secrets as randomness
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ops.cluster.client import Cluster
from ops.documents.fleet import App
from ops.kinds.secret import Secret
from ops.manage import manage_job
from ops.manage.manage_job import ManageCommand
from ops.objects.base import Document
from railiance.annotations import COMPONENT, NAME

VARIABLE = "DJANGO_SUPERUSER_PASSWORD"
"""Where Django's createsuperuser reads the password. Source: Django, "django-admin"."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """Who is to be a superuser."""

    user: str
    email: str
    password: str = field(repr=False)


def create(cluster: Cluster, app: App, account: Account, say: Callable[[str], None]) -> None:
    """Create a superuser by a Job.

    The password travels in a Secret of the app's namespace that is deleted when the Job has ended;
    one that an interruption left there is deleted by the next. Raises OpsError if the
    Job fails, for instance because there is a user of that name.
    """
    with _password(cluster, app, account.password) as name:
        arguments = (
            "createsuperuser",
            "--noinput",
            f"--username={account.user}",
            f"--email={account.email}",
        )
        command = ManageCommand(
            app=app, verb="superuser", arguments=arguments, password_secret=name
        )
        manage_job.run(cluster, command.job(), say)


@contextmanager
def _password(cluster: Cluster, app: App, password: str) -> Iterator[str]:
    name = f"{app.name[:35]}-superuser-{randomness.token_hex(4)}"
    labels = {NAME: app.name, COMPONENT: "superuser"}
    secret: Document = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": app.namespace, "labels": labels},
        "data": {VARIABLE: base64.b64encode(password.encode()).decode()},
    }
    for left in cluster.all(Secret, app.namespace, labels):  # by one that was interrupted
        cluster.delete(Secret, left.name, app.namespace)
    cluster.create(secret)
    try:
        yield name
    finally:
        cluster.delete(Secret, name, app.namespace)
