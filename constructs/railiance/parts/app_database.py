"""The app's database in the shared PostgreSQL cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from railiance.annotations import CONNECTIONS, POSTGRES_HOST
from railiance.django_app import DjangoApp
from railiance.metadata import KEEP_DATA, Component, object_meta
from railiance.parts.typed_object import TypedObject
from railiance.platform import Platform
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import DatabaseSpec


class AppDatabase(TypedObject):
    """A CloudNativePG Database, owned by the app's role, in the Cluster's namespace.

    CloudNativePG adopts an existing database with that name. Deleting the object keeps the
    database, and removing the object from git keeps the object. With a connection limit, and a
    role that the platform declares, it states the limit that the role needs.
    Source: CloudNativePG 1.28, "PostgreSQL Database Management".
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, app: DjangoApp, platform: Platform
    ) -> None:
        spec: DatabaseSpec = {
            "name": app.database.name,
            "owner": app.database.role,
            "cluster": {"name": platform.postgres_cluster},
            "ensure": "present",
            "databaseReclaimPolicy": "retain",
        }
        if app.database.extensions:
            spec["extensions"] = [
                {"name": name, "ensure": "present"} for name in app.database.extensions
            ]
        annotations = {**KEEP_DATA, POSTGRES_HOST: platform.postgres_host}
        if app.database.connection_limit and not platform.declares_roles:
            annotations[CONNECTIONS] = str(app.database.connection_limit)
        super().__init__(
            scope,
            construct_id,
            api_version="postgresql.cnpg.io/v1",
            kind="Database",
            metadata=object_meta(
                app,
                app.database.object_name,
                Component.DATABASE,
                Wave.FOUNDATION,
                annotations,
                namespace=platform.postgres_namespace,
            ),
            spec=spec,
        )
