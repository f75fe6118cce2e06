"""What tells Argo CD to sync all Applications."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from constructs import Construct

from railiance.parts import argocd_object
from railiance.parts.root_project import RootProject
from railiance.parts.typed_object import TypedObject
from railiance.platform import Platform

if TYPE_CHECKING:
    from imports.kubernetes import ApplicationSpec

PLATFORM_FACT = "platform.railiance.io"
"""Prefix of the annotations with which the root Application states the platform's facts."""


class RootApplication(TypedObject):
    """Makes Argo CD read argocd/, itself included: the one that is applied by hand.

    Its annotations carry the platform's facts for whatever reads the rendered YAML.
    Source: Argo CD, "Cluster Bootstrapping".
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, platform: Platform, project: RootProject
    ) -> None:
        spec: ApplicationSpec = {
            "project": project.object_name,
            "source": argocd_object.source(platform, "argocd"),
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
                annotations=_facts(platform),
            ),
            spec=spec,
        )


def _facts(platform: Platform) -> dict[str, str]:
    facts = dataclasses.asdict(platform)
    return {
        f"{PLATFORM_FACT}/{name.replace('_', '-')}": ",".join(value)
        if isinstance(value, tuple)
        else value
        for name, value in facts.items()
    }
