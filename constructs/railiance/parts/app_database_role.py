"""The role that owns the app's database in the shared PostgreSQL cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from railiance.django_app import DjangoApp
from railiance.metadata import KEEP_DATA, Component, object_meta
from railiance.parts.typed_object import TypedObject
from railiance.platform import Platform
from railiance.postgres import NO_LIMIT, credentials_name
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import DatabaseRoleSpec


class AppDatabaseRole(TypedObject):
    """A CloudNativePG DatabaseRole that may log in and nothing else, in the Cluster's namespace.

    Its password is in the Secret `<role>-app-credentials`, which `ops secrets apply` writes.
    CloudNativePG adopts an existing role with that name and sets every attribute as stated here;
    while the Cluster's spec.managed.roles has the role too, that takes precedence. Deleting the
    object keeps the role, and removing the object from git keeps the object.
    Source: CloudNativePG 1.30, "PostgreSQL Role management".
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, app: DjangoApp, platform: Platform
    ) -> None:
        role = app.database.role
        spec: DatabaseRoleSpec = {
            "name": role,
            "cluster": {"name": platform.postgres_cluster},
            "databaseRoleReclaimPolicy": "retain",
            "login": True,
            "superuser": False,
            "createdb": False,
            "createrole": False,
            "replication": False,
            "connectionLimit": app.database.connection_limit or NO_LIMIT,
            "passwordSecret": {"name": credentials_name(role)},
        }
        super().__init__(
            scope,
            construct_id,
            api_version="postgresql.cnpg.io/v1",
            kind="DatabaseRole",
            metadata=object_meta(
                app,
                role.replace("_", "-"),
                Component.DATABASE,
                Wave.FOUNDATION,
                KEEP_DATA,
                namespace=platform.postgres_namespace,
            ),
            spec=spec,
        )
