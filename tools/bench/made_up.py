"""Made-up apps: as many as asked for, each like the first real one."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from apps import APPS
from railiance.django_app import DjangoApp
from railiance.documents import Document, app_documents, argocd_documents
from railiance.railiance01 import RAILIANCE01


def apps(count: int) -> list[DjangoApp]:
    """Apps that differ in what no two apps may share: name, host, database and role.

    No value is part of another, so that the chart can tell them apart.
    """
    return [_like(APPS[0], f"{number:04}") for number in range(1, count + 1)]


def _like(first: DjangoApp, number: str) -> DjangoApp:
    host = f"host-{number}.example.org"
    return replace(
        first,
        name=f"app-{number}",
        host=host,
        allowed_hosts=(host,),
        csrf_trusted_origins=(f"https://{host}",),
        database=replace(first.database, name=f"db_{number}", role=f"role_{number}"),
    )


def files(count: int) -> Iterator[tuple[Path, list[Document]]]:
    """The two files of each app, relative to where they are rendered, with their documents."""
    for app in apps(count):
        runs = app_documents(app, RAILIANCE01)
        yield Path("dist", f"{app.name}.k8s.yaml"), runs
        yield Path("argocd", f"{app.name}.yaml"), argocd_documents(app, RAILIANCE01, runs)
