"""The Job that migrates the database before new code serves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from constructs import Construct

from railiance.annotations import HOOK, HOOK_DELETE_POLICY
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

    A Job is immutable, so the Job of the previous sync is deleted first. It is a Sync hook, not a
    PreSync hook, which would run before the Database exists. It has no TTL: a failed Job stays,
    with its log, until the next sync. A pod waits up to 30 s for the database to answer, and the
    Job retries once in case the database is not ready yet; Argo CD retries the whole sync. The Job
    fails after migrate_timeout_seconds in total.
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
            HOOK: "Sync",
            HOOK_DELETE_POLICY: "BeforeHookCreation",
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
