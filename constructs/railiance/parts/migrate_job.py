"""The Job that migrates the database before new code serves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from constructs import Construct

from railiance.django_app import DjangoApp
from railiance.manage import MIGRATE
from railiance.metadata import Component, object_meta, pod_meta
from railiance.parts import pod
from railiance.parts.app_service_account import AppServiceAccount
from railiance.parts.typed_object import TypedObject
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import JobSpec, PodSpec

RETRIES = 1


class MigrateJob(TypedObject):
    """`manage.py migrate` with the image and environment of the web pods, as a Sync hook.

    A Job cannot be changed, so the one of the sync before is deleted first. It is a hook of the
    phase Sync, not PreSync, which would run before the Database exists. It has no time to live: a
    failed Job stays, with its log, until the next sync. A pod waits up to 30 s until the
    database lets it in, and there is one retry, which bridges a database that is not there
    yet; Argo CD retries the whole sync. Given up after migrate_timeout_seconds in all.
    Source: Argo CD, "Resource Hooks"; Kubernetes, "Jobs".
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        app: DjangoApp,
        service_account: AppServiceAccount,
        pod_annotations: Mapping[str, str],
    ) -> None:
        spec: JobSpec = {
            "activeDeadlineSeconds": app.migrate_timeout_seconds,
            "backoffLimit": RETRIES,
            "completions": 1,
            "parallelism": 1,
            "template": {
                "metadata": pod_meta(app, Component.MIGRATE, pod_annotations),
                "spec": _migrate_pod(app, service_account),
            },
        }
        hook = {
            "argocd.argoproj.io/hook": "Sync",
            "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
        }
        super().__init__(
            scope,
            construct_id,
            api_version="batch/v1",
            kind="Job",
            metadata=object_meta(
                app, f"{app.name}-migrate", Component.MIGRATE, Wave.MIGRATE, annotations=hook
            ),
            spec=spec,
        )


def _migrate_pod(app: DjangoApp, service_account: AppServiceAccount) -> PodSpec:
    migrate = pod.container(app, "migrate")
    migrate["command"] = MIGRATE
    spec = pod.pod_spec(app, migrate, service_account)
    spec["restartPolicy"] = "Never"
    return spec
