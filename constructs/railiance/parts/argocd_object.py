"""What every Application and AppProject of this repository has in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdk8s import ApiObjectMetadata

from railiance.metadata import SYNC_WAVE

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
"""The project comes first and goes last: an Application without its project cannot be deleted."""


def destination(namespace: str) -> ApplicationSpecDestination:
    """A namespace of the cluster that Argo CD runs in."""
    return {"server": "https://kubernetes.default.svc", "namespace": namespace}


def source(platform: Platform, folder: str) -> ApplicationSpecSource:
    """A folder of this repository, at the revision that Argo CD follows."""
    return {
        "repoURL": platform.repository_url,
        "targetRevision": platform.revision,
        "path": folder,
    }


def sync_policy() -> ApplicationSpecSyncPolicy:
    """Automated, self-healing, by server-side apply, retried with exponential backoff."""
    return {
        "automated": {"prune": True, "selfHeal": True, "allowEmpty": False},
        "syncOptions": ["ServerSideApply=true", "FailOnSharedResource=true"],
        "retry": {
            "limit": 5,
            # A good commit ends the retries of a bad one, instead of waiting for the last of them.
            "refresh": True,
            "backoff": {"duration": "10s", "factor": 2, "maxDuration": "3m"},
        },
    }


def whitelist(
    kinds: Iterable[tuple[str, str]],
) -> list[AppProjectSpecNamespaceResourceWhitelistItem]:
    """Groups and kinds, each once and in order."""
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
        "app.kubernetes.io/name": platform.name,
        "app.kubernetes.io/managed-by": "railiance-apps",
    }
