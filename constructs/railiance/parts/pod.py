"""What web and migrate pods have in common: image, environment, rights and writable folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from railiance.django_app import DjangoApp, Resources
from railiance.parts.app_service_account import AppServiceAccount

if TYPE_CHECKING:
    from imports.kubernetes import (
        Container,
        EnvVar,
        PodSecurityContext,
        PodSpec,
        ResourceRequirements,
        SecurityContext,
        Volume,
        VolumeMount,
    )

WRITABLE_FOLDERS = {"tmp": "/tmp", "run": "/run"}  # noqa: S108 (folders in the container)
"""Django's uploads and gunicorn's worker files go to /tmp, gunicorn's control socket (since 25.1)
to XDG_RUNTIME_DIR; nothing else in the container can be written."""
WRITABLE_SIZE = "256Mi"


def environment(app: DjangoApp) -> list[EnvVar]:
    """Plain settings by value, so that a change rolls the pods; secret ones by reference."""
    plain = {
        "DJANGO_SETTINGS_MODULE": app.settings_module,
        "ALLOWED_HOSTS": ",".join(app.hosts),
        "CSRF_TRUSTED_ORIGINS": ",".join(app.trusted_origins),
        **app.environment,
        "GUNICORN_CMD_ARGS": f"--graceful-timeout={app.graceful_timeout_seconds}",
        "HOME": WRITABLE_FOLDERS["tmp"],
        "TMPDIR": WRITABLE_FOLDERS["tmp"],
        "XDG_RUNTIME_DIR": WRITABLE_FOLDERS["run"],
    }
    values: list[EnvVar] = [{"name": name, "value": value} for name, value in plain.items()]
    references: list[EnvVar] = [
        {"name": key, "valueFrom": {"secretKeyRef": {"name": app.secret_name, "key": key}}}
        for key in app.secret_keys
    ]
    return values + references


def container(app: DjangoApp, name: str) -> Container:
    """A container of the app's image, pulled by digest, with nothing that it does not need."""
    return {
        "name": name,
        "image": app.image.reference,
        # A digest names the same bytes for ever: what the node has need not be asked for again.
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
        # Django would take the variables that Kubernetes makes of Services for its own.
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
    """Numeric ids: the kubelet cannot check a user's name in the image for being non-root."""
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
