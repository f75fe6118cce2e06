"""Common parts of all pods of an app's image: environment, security context, folders and files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from railiance.annotations import FILES_DIGEST
from railiance.django_app import DjangoApp
from railiance.environment import WRITABLE_FOLDERS, as_written, environment
from railiance.manage import Launcher
from railiance.metadata import pod_meta
from railiance.parts.app_service_account import AppServiceAccount
from railiance.parts.configuration_map import ConfigurationMap, key_of
from railiance.parts.volume_claim import VolumeClaim
from railiance.platform import Platform
from railiance.resources import Resources
from railiance.secret_names import registry_secret

if TYPE_CHECKING:
    from imports.kubernetes import (
        Container,
        ObjectMeta,
        PodSecurityContext,
        PodSpec,
        ResourceRequirements,
        SecurityContext,
        Volume,
        VolumeMount,
    )

WRITABLE_SIZE = "256Mi"
CONFIGURATION, SECRET_FILES = "configuration", "secret-files"
"""Volumes of files; each file is mounted by itself, so a running pod keeps its version."""


@dataclass(frozen=True, kw_only=True)
class Pods:
    """What all pods of an app's image have in common."""

    app: DjangoApp
    platform: Platform
    service_account: AppServiceAccount
    annotations: Mapping[str, str]
    """Annotations of every pod template."""
    configuration: ConfigurationMap | None = None
    """The ConfigMap with the configuration files."""
    claims: Sequence[VolumeClaim] = ()
    """The volumes of web pods, workers and schedules."""

    @property
    def launcher(self) -> Launcher:
        """What starts Django in the image."""
        return Launcher(self.app.launcher, self.app.python)

    def container(self, name: str, resources: Resources, command: Sequence[str] = ()) -> Container:
        """A container of the app's image, pulled by digest, with the least privileges."""
        app = self.app
        container: Container = {
            "name": name,
            "image": app.image.reference,
            # A digest always names the same bytes, so the node need not ask the registry again.
            "imagePullPolicy": "IfNotPresent",
            "env": environment(app, self.platform),
            "resources": requirements(resources),
            "securityContext": container_security(),
            "volumeMounts": [*_scratch_mounts(app), *_file_mounts(app)],
        }
        if command:
            container["command"] = list(map(as_written, command))
        if app.working_folder:
            container["workingDir"] = app.working_folder
        return container

    def waiting(self) -> Container:
        """The init container that holds a pod until the database has its image's migrations.

        It loads the settings as the migrate Job does, and so mounts the same folders.
        """
        wait = self.launcher.wait_for_migrations()
        container = self.container("wait-for-migrations", self.app.resources, wait)
        paths = [folder.path for folder in self.app.data_folders if folder.in_migrate]
        claims = [claim for claim in self.claims if claim.mount_path in paths]
        container["volumeMounts"].extend(_claim_mounts(claims))
        return container

    def spec(self, only: Container, claims: Sequence[VolumeClaim] = ()) -> PodSpec:
        """A pod of the restricted profile with one container, which mounts these claims."""
        app = self.app
        only["volumeMounts"].extend(_claim_mounts(claims))
        spec: PodSpec = {
            "serviceAccountName": self.service_account.object_name,
            "automountServiceAccountToken": False,
            # Django could mistake the variables that Kubernetes sets for Services for its settings.
            "enableServiceLinks": False,
            "securityContext": pod_security(app),
            "containers": [only],
            "volumes": [*_scratch_volumes(app), *_file_volumes(app), *_claim_volumes(claims)],
        }
        log_in_to_registry(app, spec)
        return spec

    def waiting_spec(self, only: Container) -> PodSpec:
        """The same for a pod that waits for migrations and mounts the shared volumes."""
        return {"initContainers": [self.waiting()], **self.spec(only, self.claims)}

    def meta(self, component: str) -> ObjectMeta:
        """Metadata of a pod template; changed secrets or files roll the pods."""
        annotations = dict(self.annotations)
        if self.configuration:
            annotations[FILES_DIGEST] = self.configuration.digest
        return pod_meta(self.app, component, annotations)


def requirements(resources: Resources) -> ResourceRequirements:
    """Requests and limits."""
    return {
        "requests": {"cpu": resources.cpu_request, "memory": resources.memory_request},
        "limits": {"cpu": resources.cpu_limit, "memory": resources.memory_limit},
    }


def log_in_to_registry(app: DjangoApp, spec: PodSpec) -> None:
    """Has the pod pull its images with the app's registry login, if it has one."""
    if app.registry_login:
        spec["imagePullSecrets"] = [{"name": registry_secret(app.name)}]


def pod_security(app: DjangoApp) -> PodSecurityContext:
    """Numeric IDs: the kubelet cannot verify a user name in the image as non-root."""
    return {
        "runAsNonRoot": True,
        "runAsUser": app.run_as_user,
        "runAsGroup": app.run_as_user,
        "fsGroup": app.run_as_user,
        "fsGroupChangePolicy": "OnRootMismatch",
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def container_security() -> SecurityContext:
    """No privilege, and a read-only root file system."""
    return {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def _scratch(app: DjangoApp) -> dict[str, tuple[str, str]]:
    """Path and size of each folder that is empty at the start, by the name of its volume."""
    sizes = {folder.path: folder.size for folder in app.scratch_folders}
    usual = {
        name: (path, sizes.pop(path, WRITABLE_SIZE)) for name, path in WRITABLE_FOLDERS.items()
    }
    return usual | {_volume_name(path): (path, size) for path, size in sizes.items()}


def _volume_name(path: str) -> str:
    """A DNS label of its own for each path."""
    return f"scratch-{hashlib.sha256(path.encode()).hexdigest()[:8]}"


def _scratch_mounts(app: DjangoApp) -> list[VolumeMount]:
    return [{"name": name, "mountPath": path} for name, (path, _) in _scratch(app).items()]


def _scratch_volumes(app: DjangoApp) -> list[Volume]:
    return [
        {"name": name, "emptyDir": {"sizeLimit": size}} for name, (_, size) in _scratch(app).items()
    ]


def _file_mounts(app: DjangoApp) -> list[VolumeMount]:
    files = [(CONFIGURATION, file.path, key_of(file.path)) for file in app.configuration_files]
    files += [(SECRET_FILES, file.path, file.key) for file in app.secret_files]
    return [
        {"name": volume, "mountPath": path, "subPath": key, "readOnly": True}
        for volume, path, key in files
    ]


def _file_volumes(app: DjangoApp) -> list[Volume]:
    volumes: list[Volume] = []
    if app.configuration_files:
        volumes.append({"name": CONFIGURATION, "configMap": {"name": app.files_name}})
    if app.secret_files:
        volumes.append({"name": SECRET_FILES, "secret": {"secretName": app.files_name}})
    return volumes


def _claim_mounts(claims: Sequence[VolumeClaim]) -> list[VolumeMount]:
    return [{"name": claim.volume_name, "mountPath": claim.mount_path} for claim in claims]


def _claim_volumes(claims: Sequence[VolumeClaim]) -> list[Volume]:
    return [
        {
            "name": claim.volume_name,
            "persistentVolumeClaim": {"claimName": claim.object_name},
        }
        for claim in claims
    ]
