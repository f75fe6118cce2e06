"""What tells Argo CD to sync an app's documents."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from constructs import Construct

from railiance.django_app import DjangoApp
from railiance.metadata import Component, labels
from railiance.parts import argocd_object
from railiance.parts.app_project import AppProject
from railiance.parts.typed_object import TypedObject
from railiance.platform import Platform
from railiance.smoke import Smoke

if TYPE_CHECKING:
    from imports.kubernetes import ApplicationSpec

CASCADE = "resources-finalizer.argocd.argoproj.io"
SMOKE = "app.railiance.io/smoke"
"""The annotation that states what `ops smoke` visits."""


class AppApplication(TypedObject):
    """Syncs the app's file in dist/ to the cluster.

    Deleting it deletes what it made, but not what holds data. An annotation states what
    `ops smoke` visits: here, and not on the pods, which would roll when it changes.
    Source: Argo CD, "Automated Sync Policy", "Sync Options", "App Deletion".
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        app: DjangoApp,
        platform: Platform,
        project: AppProject,
    ) -> None:
        spec: ApplicationSpec = {
            "project": project.object_name,
            "source": {
                **argocd_object.source(platform, "dist"),
                "directory": {"include": f"{app.name}.k8s.yaml"},
            },
            "destination": argocd_object.destination(app.name),
            "syncPolicy": argocd_object.sync_policy(),
        }
        super().__init__(
            scope,
            construct_id,
            api_version=argocd_object.API_VERSION,
            kind="Application",
            metadata=argocd_object.object_meta(
                platform,
                app.name,
                argocd_object.APPLICATION_WAVE,
                labels(app, Component.WEB),
                annotations={SMOKE: _pages(app.smoke)},
                finalizers=[CASCADE],
            ),
            spec=spec,
        )


def _pages(smoke: Smoke) -> str:
    """The declared pages, as JSON without what is not declared."""
    return json.dumps(smoke, default=_declared, ensure_ascii=False)


def _declared(value: object) -> dict[str, object]:
    fields = value if isinstance(value, Mapping) else vars(value)
    return {name: field for name, field in fields.items() if field is not None}
