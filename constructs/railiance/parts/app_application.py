"""The Argo CD Application of an app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from railiance.annotations import CASCADE, SMOKE
from railiance.django_app import DjangoApp
from railiance.metadata import Component, labels
from railiance.parts import argocd_object
from railiance.parts.app_project import AppProject
from railiance.parts.typed_object import TypedObject
from railiance.platform import Platform

if TYPE_CHECKING:
    from imports.kubernetes import ApplicationSpec


class AppApplication(TypedObject):
    """Syncs the app's file in dist/ to the cluster.

    Deleting it deletes its objects, except those that hold data. An annotation states what
    `ops smoke` visits: here rather than on the pods, which a change would roll.
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
            "source": argocd_object.source(platform, "dist", f"{app.name}.k8s.yaml"),
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
                annotations={SMOKE: app.smoke.as_json()},
                finalizers=[CASCADE],
            ),
            spec=spec,
        )
