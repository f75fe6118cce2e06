"""Names, labels and annotations that documents have in common."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from cdk8s import ApiObjectMetadata

from railiance.django_app import DjangoApp
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import ObjectMeta

SYNC_WAVE = "argocd.argoproj.io/sync-wave"
SYNC_OPTIONS = "argocd.argoproj.io/sync-options"

KEPT = {SYNC_OPTIONS: "Prune=false,Delete=false"}
"""Holds data: stays when its document is removed from git, and when the Application is deleted.

Argo CD reads the annotation from the live object, so it must have been synced before the removal.
"""
CONFIRMED = {SYNC_OPTIONS: "Prune=confirm,Delete=false"}
"""Deletes everything inside it, volumes too: pruned only after a person has confirmed it.

It stays when the Application is deleted. `Delete=confirm` would hold the whole deletion back, and
once confirmed delete the volume as well.
"""


class Component(StrEnum):
    """What part of the app an object is; web and migrate pods are told apart by it."""

    WEB = "web"
    MIGRATE = "migrate"
    DATABASE = "database"
    MEDIA = "media"
    INGRESS = "ingress"
    NAMESPACE = "namespace"


def pod_labels(app: DjangoApp) -> dict[str, str]:
    """The label that all pods of the app carry, and no ACME solver pod does."""
    return {"app.kubernetes.io/name": app.name}


def component_labels(app: DjangoApp, component: Component) -> dict[str, str]:
    """The labels that select the pods of one component; immutable in a Deployment."""
    return {**pod_labels(app), "app.kubernetes.io/component": component.value}


def app_labels(app: DjangoApp) -> dict[str, str]:
    """The recommended labels that everything of an app carries.

    `instance` is left to Argo CD, which may track with it.
    Source: Kubernetes, "Recommended Labels".
    """
    return {
        **pod_labels(app),
        "app.kubernetes.io/part-of": app.name,
        "app.kubernetes.io/managed-by": "railiance-apps",
    }


def labels(app: DjangoApp, component: Component) -> dict[str, str]:
    """The recommended labels of an object that belongs to one component."""
    return {**app_labels(app), **component_labels(app, component)}


def object_meta(
    app: DjangoApp,
    name: str,
    component: Component,
    wave: Wave,
    annotations: Mapping[str, str] | None = None,
    *,
    namespace: str | None = None,
) -> ApiObjectMetadata:
    """Metadata of an object of the app, by default in the app's own namespace."""
    return ApiObjectMetadata(
        name=name,
        namespace=namespace or app.name,
        labels=labels(app, component),
        annotations={SYNC_WAVE: str(wave.value), **(annotations or {})},
    )


def pod_meta(app: DjangoApp, component: Component, annotations: Mapping[str, str]) -> ObjectMeta:
    """Metadata of a pod template; a change in an annotation rolls the pods."""
    if annotations:
        return {"labels": labels(app, component), "annotations": dict(annotations)}
    return {"labels": labels(app, component)}
