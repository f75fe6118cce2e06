"""Names, labels and annotations that objects have in common."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from cdk8s import ApiObjectMetadata

from railiance.annotations import (
    COMPONENT,
    MAINTENANCE,
    MANAGED_BY,
    NAME,
    PART_OF,
    SYNC_OPTIONS,
    SYNC_WAVE,
)
from railiance.django_app import DjangoApp
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import ObjectMeta

KEEP_DATA = {SYNC_OPTIONS: "Prune=false,Delete=false"}
"""For objects that hold data: neither pruned nor deleted with the Application.

Argo CD reads the annotation from the live object, so sync it before the object is removed from git.
"""
CONFIRM_PRUNING = {SYNC_OPTIONS: "Prune=confirm,Delete=false"}
"""For objects whose deletion deletes everything in them, volumes too: pruned after a confirmation.

They stay when the Application is deleted. `Delete=confirm` would block the whole deletion and, once
confirmed, delete the volume as well.
"""
PRUNE_LAST = {SYNC_OPTIONS: "PruneLast=true"}
"""For objects to which others no longer refer after the same sync: pruned at its end."""


class Component(StrEnum):
    """The part of the app that an object belongs to; it distinguishes pods.

    Workers, schedules and data folders have a component each, such as `worker-mail`.
    """

    WEB = "web"
    MIGRATE = "migrate"
    DATABASE = "database"
    MEDIA = "media"
    INGRESS = "ingress"
    NAMESPACE = "namespace"
    VALKEY = "valkey"
    MAINTENANCE = MAINTENANCE


def pod_labels(app: DjangoApp) -> dict[str, str]:
    """The label that all pods of the app have, and no ACME solver pod has."""
    return {NAME: app.name}


def component_labels(app: DjangoApp, component: str) -> dict[str, str]:
    """The selector labels of one component's pods; immutable in a Deployment."""
    return {**pod_labels(app), COMPONENT: str(component)}


def app_labels(app: DjangoApp) -> dict[str, str]:
    """The recommended labels that all objects of an app have.

    `instance` is reserved for Argo CD, which may track objects by it.
    Source: Kubernetes, "Recommended Labels".
    """
    return {
        **pod_labels(app),
        PART_OF: app.name,
        MANAGED_BY: "railiance-apps",
    }


def labels(app: DjangoApp, component: str) -> dict[str, str]:
    """The recommended labels of an object that belongs to one component."""
    return {**app_labels(app), **component_labels(app, component)}


def object_meta(
    app: DjangoApp,
    name: str,
    component: str,
    wave: Wave,
    annotations: Mapping[str, str] | None = None,
    *,
    namespace: str | None = None,
) -> ApiObjectMetadata:
    """Metadata of an object of the app; the default namespace is the app's own."""
    return ApiObjectMetadata(
        name=name,
        namespace=namespace or app.name,
        labels=labels(app, component),
        annotations={SYNC_WAVE: str(wave.value), **(annotations or {})},
    )


def pod_meta(app: DjangoApp, component: str, annotations: Mapping[str, str]) -> ObjectMeta:
    """Metadata of a pod template; a changed annotation rolls the pods."""
    if annotations:
        return {"labels": labels(app, component), "annotations": dict(annotations)}
    return {"labels": labels(app, component)}
