"""All documents of an app, in the order in which they are synced."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from railiance.django_app import DjangoApp
from railiance.parts import argocd
from railiance.parts.certificate import certificate
from railiance.parts.database import database
from railiance.parts.deployment import deployment
from railiance.parts.ingress import ingress, redirect_middleware
from railiance.parts.media import media_claim
from railiance.parts.migrate_job import migrate_job
from railiance.parts.namespace import namespace
from railiance.parts.network_policy import network_policy
from railiance.parts.service import service
from railiance.parts.service_account import service_account
from railiance.platform import Platform

Document = Mapping[str, Any]
"""A Kubernetes object; which one, its part's type says."""


def app_documents(
    app: DjangoApp, platform: Platform, pod_annotations: Mapping[str, str] | None = None
) -> list[Document]:
    """What runs: the content of dist/<name>.k8s.yaml."""
    pod_annotations = pod_annotations or {}
    media = [media_claim(app, app.media, platform)] if app.media else []
    return cast(
        "list[Document]",
        [
            namespace(app, platform),
            database(app, platform),
            service_account(app),
            network_policy(app, platform),
            migrate_job(app, pod_annotations),
            *media,
            deployment(app, pod_annotations),
            service(app),
            certificate(app, platform),
            redirect_middleware(app),
            ingress(app, platform),
        ],
    )


def argocd_documents(
    app: DjangoApp, platform: Platform, rendered: Sequence[Document]
) -> list[Document]:
    """What keeps it true: the content of argocd/<name>.yaml."""
    return cast(
        "list[Document]",
        [
            argocd.project(app, platform, map(_group_kind, rendered)),
            argocd.application(app, platform),
        ],
    )


def root_documents(platform: Platform) -> list[Document]:
    """What starts it: the content of argocd/root.yaml."""
    return cast("list[Document]", [argocd.root_application(platform)])


def _group_kind(document: Document) -> tuple[str, str]:
    group, _, _ = document["apiVersion"].rpartition("/")
    return group, document["kind"]
