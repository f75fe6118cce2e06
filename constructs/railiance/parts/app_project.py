"""The AppProject of an app: what Argo CD may change for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from constructs import Construct

from railiance.django_app import DjangoApp
from railiance.metadata import Component, labels
from railiance.parts import argocd_object
from railiance.parts.typed_object import TypedObject
from railiance.platform import Platform

if TYPE_CHECKING:
    from imports.kubernetes import AppProjectSpec

NAMESPACE = ("", "Namespace")


class AppProject(TypedObject):
    """Allows this repository, the namespaces of the app and of the databases, and the given kinds.

    The only cluster-scoped object allowed is the app's own Namespace. A Secret, a Role or a
    PostgreSQL Cluster is refused even if it is committed.
    Source: Argo CD, "Projects".
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        app: DjangoApp,
        platform: Platform,
        kinds: Iterable[tuple[str, str]],
    ) -> None:
        spec: AppProjectSpec = {
            "description": f"{app.name} on {platform.name}",
            "sourceRepos": [platform.repository_url],
            "destinations": [
                argocd_object.destination(app.name),
                argocd_object.destination(platform.postgres_namespace),
            ],
            "clusterResourceWhitelist": [{"group": "", "kind": "Namespace", "name": app.name}],
            "namespaceResourceWhitelist": argocd_object.whitelist(set(kinds) - {NAMESPACE}),
        }
        super().__init__(
            scope,
            construct_id,
            api_version=argocd_object.API_VERSION,
            kind="AppProject",
            metadata=argocd_object.object_meta(
                platform, app.name, argocd_object.PROJECT_WAVE, labels(app, Component.WEB)
            ),
            spec=spec,
        )
