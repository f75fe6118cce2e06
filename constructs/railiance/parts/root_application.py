"""The root Application, which makes Argo CD sync all Applications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from railiance.parts import argocd_object
from railiance.parts.root_project import RootProject
from railiance.parts.typed_object import TypedObject
from railiance.platform import Platform

if TYPE_CHECKING:
    from imports.kubernetes import ApplicationSpec


class RootApplication(TypedObject):
    """Makes Argo CD sync argocd/, including itself; it is the only one applied by hand.

    Its annotations state the platform's facts for readers of the rendered YAML.
    Source: Argo CD, "Cluster Bootstrapping".
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, platform: Platform, project: RootProject
    ) -> None:
        spec: ApplicationSpec = {
            "project": project.object_name,
            "source": argocd_object.source(platform, "argocd", "*.yaml"),
            "destination": argocd_object.destination(platform.argocd_namespace),
            "syncPolicy": argocd_object.sync_policy(),
        }
        super().__init__(
            scope,
            construct_id,
            api_version=argocd_object.API_VERSION,
            kind="Application",
            metadata=argocd_object.object_meta(
                platform,
                platform.name,
                argocd_object.APPLICATION_WAVE,
                argocd_object.root_labels(platform),
                annotations=platform.annotations(),
            ),
            spec=spec,
        )
