"""Common parts of web and migrate pods: image, security context, writable folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from railiance.django_app import DjangoApp, Resources
from railiance.environment import WRITABLE_FOLDERS, environment
from railiance.parts.app_service_account import AppServiceAccount

if TYPE_CHECKING:
    from imports.kubernetes import (
        Container,
        PodSecurityContext,
        PodSpec,
        ResourceRequirements,
        SecurityContext,
        Volume,
        VolumeMount,
    )

WRITABLE_SIZE = "256Mi"


def container(app: DjangoApp, name: str) -> Container:
    """A container of the app's image, pulled by digest, with the least privileges."""
    return {
        "name": name,
        "image": app.image.reference,
        # A digest always names the same bytes, so the node need not ask the registry again.
        "imagePullPolicy": "IfNotPresent",
        "env": environment(app),
        "resources": _requirements(app.resources),
        "securityContext": _container_security(),
        "volumeMounts": _mounts(),
    }


def pod_spec(app: DjangoApp, only: Container, service_account: AppServiceAccount) -> PodSpec:
    """A pod of the restricted profile with one container."""
    return {
        "serviceAccountName": service_account.object_name,
        "automountServiceAccountToken": False,
        # Django could mistake the variables that Kubernetes sets for Services for its settings.
        "enableServiceLinks": False,
        "securityContext": _pod_security(app),
        "containers": [only],
        "volumes": _volumes(),
    }


def _requirements(resources: Resources) -> ResourceRequirements:
    return {
        "requests": {"cpu": resources.cpu_request, "memory": resources.memory_request},
        "limits": {"cpu": resources.cpu_limit, "memory": resources.memory_limit},
    }


def _pod_security(app: DjangoApp) -> PodSecurityContext:
    """Numeric IDs: the kubelet cannot verify a user name in the image as non-root."""
    return {
        "runAsNonRoot": True,
        "runAsUser": app.run_as_user,
        "runAsGroup": app.run_as_user,
        "fsGroup": app.run_as_user,
        "fsGroupChangePolicy": "OnRootMismatch",
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def _container_security() -> SecurityContext:
    return {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def _mounts() -> list[VolumeMount]:
    return [{"name": name, "mountPath": path} for name, path in WRITABLE_FOLDERS.items()]


def _volumes() -> list[Volume]:
    return [{"name": name, "emptyDir": {"sizeLimit": WRITABLE_SIZE}} for name in WRITABLE_FOLDERS]
