"""Common parts of every Application and AppProject of this repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdk8s import ApiObjectMetadata

from railiance.annotations import MANAGED_BY, NAME, SYNC_WAVE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from imports.kubernetes import (
        ApplicationSpecDestination,
        ApplicationSpecSource,
        ApplicationSpecSyncPolicy,
        AppProjectSpecNamespaceResourceWhitelistItem,
    )
    from railiance.platform import Platform

API_VERSION = "argoproj.io/v1alpha1"
PROJECT_WAVE, APPLICATION_WAVE = 0, 1
"""The project is created first and deleted last: an Application cannot be deleted without it."""


def destination(namespace: str) -> ApplicationSpecDestination:
    """A namespace in the cluster that Argo CD runs in."""
    return {"server": "https://kubernetes.default.svc", "namespace": namespace}


def source(platform: Platform, folder: str, include: str) -> ApplicationSpecSource:
    """Files of a folder of this repository, at the revision that Argo CD follows.

    That they are named makes the folder a plain one: Argo CD would take one with a file called
    Kustomization or Chart.yaml for something else.
    Source: Argo CD, "Tool Detection".
    """
    return {
        "repoURL": platform.repository_url,
        "targetRevision": platform.revision,
        "path": folder,
        "directory": {"include": include},
    }


def sync_policy() -> ApplicationSpecSyncPolicy:
    """Automated, self-healing, by server-side apply, retried with exponential backoff."""
    return {
        "automated": {"prune": True, "selfHeal": True, "allowEmpty": False},
        "syncOptions": ["ServerSideApply=true", "FailOnSharedResource=true"],
        "retry": {
            "limit": 5,
            # A newer commit ends the retries of a failing one, instead of waiting for the last one.
            "refresh": True,
            "backoff": {"duration": "10s", "factor": 2, "maxDuration": "3m"},
        },
    }


def whitelist(
    kinds: Iterable[tuple[str, str]],
) -> list[AppProjectSpecNamespaceResourceWhitelistItem]:
    """Groups and kinds, sorted and without duplicates."""
    return [{"group": group, "kind": kind} for group, kind in sorted(set(kinds))]


def object_meta(
    platform: Platform,
    name: str,
    wave: int,
    labels: Mapping[str, str],
    *,
    annotations: Mapping[str, str] | None = None,
    finalizers: list[str] | None = None,
) -> ApiObjectMetadata:
    """Metadata of an object in Argo CD's namespace."""
    return ApiObjectMetadata(
        name=name,
        namespace=platform.argocd_namespace,
        labels=dict(labels),
        annotations={SYNC_WAVE: str(wave), **(annotations or {})},
        finalizers=finalizers,
    )


def root_labels(platform: Platform) -> dict[str, str]:
    """The labels of the root Application and its project."""
    return {
        NAME: platform.name,
        MANAGED_BY: "railiance-apps",
    }
