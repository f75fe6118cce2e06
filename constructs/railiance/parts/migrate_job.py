"""The Job that migrates the database before new code serves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from railiance.django_app import DjangoApp
from railiance.manage import MIGRATE
from railiance.metadata import Component, object_meta, pod_meta
from railiance.parts import pod
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import Job, PodSpec

TRIES_AGAIN = 1


def migrate_job(app: DjangoApp, pod_annotations: Mapping[str, str]) -> Job:
    """`manage.py migrate` with the image and environment of the web pods, as a Sync hook.

    A Job cannot be changed, so the one of the sync before is deleted first. It is a hook of the
    phase Sync, not PreSync, which would run before the Database exists. It has no time to live: a
    failed Job stays, with its log, until the next sync. A pod waits up to 30 s until the
    database lets it in, and there is one further try, which bridges a database that is not there
    yet; Argo CD tries the whole sync again. Given up after migrate_timeout_seconds in all.
    Source: Argo CD, "Resource Hooks"; Kubernetes, "Jobs".
    """
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": object_meta(
            app,
            f"{app.name}-migrate",
            Component.MIGRATE,
            Wave.MIGRATE,
            {
                "argocd.argoproj.io/hook": "Sync",
                "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
            },
        ),
        "spec": {
            "activeDeadlineSeconds": app.migrate_timeout_seconds,
            "backoffLimit": TRIES_AGAIN,
            "completions": 1,
            "parallelism": 1,
            "template": {
                "metadata": pod_meta(app, Component.MIGRATE, pod_annotations),
                "spec": _migrate_pod(app),
            },
        },
    }


def _migrate_pod(app: DjangoApp) -> PodSpec:
    migrate = pod.container(app, "migrate")
    migrate["command"] = MIGRATE
    spec = pod.pod_spec(app, migrate)
    spec["restartPolicy"] = "Never"
    return spec
