"""The AppProject of the root Application: what Argo CD may change for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from railiance.annotations import SYNC_OPTIONS
from railiance.parts import argocd_object
from railiance.parts.typed_object import TypedObject
from railiance.platform import Platform

if TYPE_CHECKING:
    from imports.kubernetes import AppProjectSpec

NEVER_PRUNED = {SYNC_OPTIONS: "Prune=false"}
"""A commit that removes the project, such as a revert, would prune it in wave 0, before the root
Application leaves it in wave 1; Argo CD syncs no Application whose project is missing."""
KINDS = (("argoproj.io", "Application"), ("argoproj.io", "AppProject"))


class RootProject(TypedObject):
    """Allows this repository only Applications and AppProjects in Argo CD's namespace.

    Cluster-scoped objects are refused: a project without a clusterResourceWhitelist allows none.
    Argo CD's project `default` allows everything and is not used.
    Source: Argo CD, "Projects".
    """

    def __init__(self, scope: Construct, construct_id: str, *, platform: Platform) -> None:
        spec: AppProjectSpec = {
            "description": f"the root Application of {platform.name}",
            "sourceRepos": [platform.repository_url],
            "destinations": [argocd_object.destination(platform.argocd_namespace)],
            "namespaceResourceWhitelist": argocd_object.whitelist(KINDS),
        }
        super().__init__(
            scope,
            construct_id,
            api_version=argocd_object.API_VERSION,
            kind="AppProject",
            metadata=argocd_object.object_meta(
                platform,
                platform.name,
                argocd_object.PROJECT_WAVE,
                argocd_object.root_labels(platform),
                annotations=NEVER_PRUNED,
            ),
            spec=spec,
        )
