"""The Job that migrates the database before new code serves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from constructs import Construct

from railiance.annotations import HOOK, HOOK_DELETE_POLICY
from railiance.django_app import DjangoApp
from railiance.metadata import Component, object_meta
from railiance.parts.pod import Pods
from railiance.parts.typed_object import TypedObject
from railiance.parts.volume_claim import VolumeClaim
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import JobSpec, PodSpec

RETRIES = 1


class MigrateJob(TypedObject):
    """`migrate` with the image and environment of the web pods, as a Sync hook.

    The declared upgrade steps follow, each a container of the same pod that starts when the one
    before has succeeded. They run again with each sync, so they must not mind being repeated.
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
        pods: Pods,
        claims: Sequence[VolumeClaim],
    ) -> None:
        spec: JobSpec = {
            "activeDeadlineSeconds": app.migrate_timeout_seconds,
            "backoffLimit": RETRIES,
            "completions": 1,
            "parallelism": 1,
            "template": {
                "metadata": pods.meta(Component.MIGRATE),
                "spec": _migrate_pod(pods, claims),
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


def _migrate_pod(pods: Pods, claims: Sequence[VolumeClaim]) -> PodSpec:
    """Init containers run one after the other, so all steps but the last are such."""
    launcher, resources = pods.launcher, pods.app.resources
    steps = [
        pods.container("migrate", resources, launcher.migrate()),
        *(
            pods.container(f"step-{number}", resources, launcher.run(*step))
            for number, step in enumerate(pods.app.upgrade_steps, 1)
        ),
    ]
    spec = pods.spec(steps[-1], claims)
    if steps[:-1]:
        spec = {"initContainers": steps[:-1], **spec}
    spec["restartPolicy"] = "Never"
    return spec
