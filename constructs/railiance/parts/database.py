"""The app's database in the shared PostgreSQL cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from railiance.django_app import DjangoApp
from railiance.metadata import KEPT, SYNC_WAVE, Component, labels
from railiance.platform import Platform
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import Database


def database(app: DjangoApp, platform: Platform) -> Database:
    """A CloudNativePG Database, owned by the app's role, in the Cluster's namespace.

    CloudNativePG adopts a database of that name if there is one. The database outlives its
    object, and the object outlives its document.
    Source: CloudNativePG 1.28, "PostgreSQL Database Management".
    """
    return {
        "apiVersion": "postgresql.cnpg.io/v1",
        "kind": "Database",
        "metadata": {
            "name": app.database.object_name,
            "namespace": platform.postgres_namespace,
            "labels": labels(app, Component.DATABASE),
            "annotations": {
                SYNC_WAVE: str(Wave.FOUNDATION.value),
                **KEPT,
                "railiance.io/postgres-host": platform.postgres_host,
            },
        },
        "spec": {
            "name": app.database.name,
            "owner": app.database.role,
            "cluster": {"name": platform.postgres_cluster},
            "ensure": "present",
            "databaseReclaimPolicy": "retain",
        },
    }
