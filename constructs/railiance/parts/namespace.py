"""The app's own namespace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from railiance.django_app import DjangoApp
from railiance.metadata import CONFIRMED, SYNC_WAVE, Component, labels
from railiance.platform import Platform
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import Namespace


def namespace(app: DjangoApp, platform: Platform) -> Namespace:
    """A namespace that may reach the database and takes only pods of the restricted profile.

    The platform's NetworkPolicy lets namespaces with its label through to PostgreSQL. Pod Security
    is enforced as of the declared Kubernetes version, so an upgrade of the cluster alone changes
    nothing. It is pruned only after a confirmation, and stays when the Application is
    deleted.
    Source: Kubernetes, "Pod Security Standards".
    """
    version = f"v{platform.kubernetes_version}"
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": app.name,
            "labels": {
                **labels(app, Component.NAMESPACE),
                platform.postgres_client_label: platform.postgres_cluster,
                "pod-security.kubernetes.io/enforce": "restricted",
                "pod-security.kubernetes.io/enforce-version": version,
                "pod-security.kubernetes.io/warn": "restricted",
                "pod-security.kubernetes.io/warn-version": version,
            },
            "annotations": {SYNC_WAVE: str(Wave.NAMESPACE.value), **CONFIRMED},
        },
    }
