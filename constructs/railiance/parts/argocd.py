"""What tells Argo CD to keep an app's documents true, and what it may touch for that."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from railiance.django_app import DjangoApp
from railiance.metadata import SYNC_WAVE, Component, labels
from railiance.platform import Platform
from railiance.smoke import Smoke

if TYPE_CHECKING:
    from imports.kubernetes import Application, ApplicationSpecSyncPolicy, AppProject

IN_CLUSTER = "https://kubernetes.default.svc"
CASCADE = "resources-finalizer.argocd.argoproj.io"
PLATFORM_FACT = "platform.railiance.io"
"""Prefix of the annotations with which the root Application tells the platform's facts."""

SMOKE = "app.railiance.io/smoke"
"""The annotation that tells what `ops smoke` visits."""

PROJECT_WAVE, APPLICATION_WAVE = 0, 1
"""The project comes first and goes last: an Application without its project cannot be deleted."""


def _sync_policy() -> ApplicationSpecSyncPolicy:
    """Automated, healing drift by hand, by server-side apply, tried again with growing pauses."""
    return {
        "automated": {"prune": True, "selfHeal": True, "allowEmpty": False},
        "syncOptions": ["ServerSideApply=true", "FailOnSharedResource=true"],
        "retry": {
            "limit": 5,
            # A good commit ends the tries of a bad one, instead of waiting for the last of them.
            "refresh": True,
            "backoff": {"duration": "10s", "factor": 2, "maxDuration": "3m"},
        },
    }


def root_application(platform: Platform) -> Application:
    """The one document that is applied by hand: it makes Argo CD read argocd/, itself included.

    Its annotations carry the platform's facts for whatever reads the rendered YAML.
    Source: Argo CD, "Cluster Bootstrapping".
    """
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {
            "name": platform.name,
            "namespace": platform.argocd_namespace,
            "labels": {
                "app.kubernetes.io/name": platform.name,
                "app.kubernetes.io/managed-by": "railiance-apps",
            },
            "annotations": {SYNC_WAVE: str(APPLICATION_WAVE), **_facts(platform)},
        },
        "spec": {
            "project": "default",
            "source": {
                "repoURL": platform.repository_url,
                "targetRevision": platform.revision,
                "path": "argocd",
            },
            "destination": {"server": IN_CLUSTER, "namespace": platform.argocd_namespace},
            "syncPolicy": _sync_policy(),
        },
    }


def _facts(platform: Platform) -> dict[str, str]:
    facts = dataclasses.asdict(platform)
    return {
        f"{PLATFORM_FACT}/{name.replace('_', '-')}": ",".join(value)
        if isinstance(value, tuple)
        else value
        for name, value in facts.items()
    }


def application(app: DjangoApp, platform: Platform) -> Application:
    """Keeps the app's file in dist/ true on the cluster.

    Deleting it deletes what it made, but not what holds data. An annotation tells `ops smoke` what
    to visit: here, and not on the pods, which would roll when it changes.
    Source: Argo CD, "Automated Sync Policy", "Sync Options", "App Deletion".
    """
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {
            "name": app.name,
            "namespace": platform.argocd_namespace,
            "labels": labels(app, Component.WEB),
            "annotations": {SYNC_WAVE: str(APPLICATION_WAVE), SMOKE: _visit(app.smoke)},
            "finalizers": [CASCADE],
        },
        "spec": {
            "project": app.name,
            "source": {
                "repoURL": platform.repository_url,
                "targetRevision": platform.revision,
                "path": "dist",
                "directory": {"include": f"{app.name}.k8s.yaml"},
            },
            "destination": {"server": IN_CLUSTER, "namespace": app.name},
            "syncPolicy": _sync_policy(),
        },
    }


def _visit(smoke: Smoke) -> str:
    """The declared pages, as JSON without what is not declared."""
    return json.dumps(smoke, default=_declared, ensure_ascii=False)


def _declared(value: Any) -> dict[str, Any]:
    fields = value if isinstance(value, Mapping) else vars(value)
    return {name: field for name, field in fields.items() if field is not None}


def project(app: DjangoApp, platform: Platform, kinds: Iterable[tuple[str, str]]) -> AppProject:
    """Allows this repository, the app's namespace and the databases', and the given kinds.

    Of what belongs to the whole cluster, only the app's own Namespace. A Secret, a role, a
    PostgreSQL Cluster is refused even if someone commits it.
    Source: Argo CD, "Projects".
    """
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "AppProject",
        "metadata": {
            "name": app.name,
            "namespace": platform.argocd_namespace,
            "labels": labels(app, Component.WEB),
            "annotations": {SYNC_WAVE: str(PROJECT_WAVE)},
        },
        "spec": {
            "description": f"{app.name} on {platform.name}",
            "sourceRepos": [platform.repository_url],
            "destinations": [
                {"server": IN_CLUSTER, "namespace": app.name},
                {"server": IN_CLUSTER, "namespace": platform.postgres_namespace},
            ],
            "clusterResourceWhitelist": [{"group": "", "kind": "Namespace", "name": app.name}],
            "namespaceResourceWhitelist": [
                {"group": group, "kind": kind}
                for group, kind in sorted(set(kinds) - {("", "Namespace")})
            ],
        },
    }
