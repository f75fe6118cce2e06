"""The Valkey of an app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from railiance import valkey as ports
from railiance.django_app import DjangoApp
from railiance.metadata import Component, component_labels, object_meta, pod_meta
from railiance.parts.pod import (
    Pods,
    container_security,
    log_in_to_registry,
    pod_security,
    requirements,
)
from railiance.parts.typed_object import TypedObject
from railiance.parts.volume_claim import VolumeClaim
from railiance.quantities import size_in_bytes
from railiance.resources import Resources
from railiance.valkey import Valkey
from railiance.valkey_access import PASSWORD_FILE, PASSWORD_FOLDER
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import Container, PodSpec, Probe, StatefulSetSpec, Volume

DATA_FOLDER = "/data"
MIB = 1 << 20


class ValkeyStatefulSet(TypedObject):
    """One pod of the platform's Valkey image, before everything that uses it.

    Its memory limit leaves room for the copy that a rewrite of its file takes. The password is
    read from the Secret `<app>-valkey`, so it is on no command line.
    Source: Valkey, "valkey.conf", "Persistence", "Key eviction".
    """

    port_name = "valkey"

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        app: DjangoApp,
        valkey: Valkey,
        pods: Pods,
        claim: VolumeClaim | None,
    ) -> None:
        name = ports.host(app.name)
        self.pod_labels = component_labels(app, Component.VALKEY)
        spec: StatefulSetSpec = {
            "replicas": 1,
            "revisionHistoryLimit": 5,
            "serviceName": name,
            # By default a pod that never became ready is not replaced, not even by its fix.
            "podManagementPolicy": "Parallel",
            "selector": {"matchLabels": self.pod_labels},
            "updateStrategy": {"type": "RollingUpdate"},
            "template": {
                "metadata": pod_meta(app, Component.VALKEY, pods.annotations),
                "spec": _pod(app, valkey, pods, claim),
            },
        }
        super().__init__(
            scope,
            construct_id,
            api_version="apps/v1",
            kind="StatefulSet",
            metadata=object_meta(app, name, Component.VALKEY, Wave.FOUNDATION),
            spec=spec,
        )


def _pod(app: DjangoApp, valkey: Valkey, pods: Pods, claim: VolumeClaim | None) -> PodSpec:
    spec: PodSpec = {
        "serviceAccountName": pods.service_account.object_name,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "securityContext": pod_security(app),
        "terminationGracePeriodSeconds": 30,
        "containers": [_container(valkey, pods)],
        "volumes": [
            {"name": "tmp", "emptyDir": {"sizeLimit": "16Mi"}},
            _data(claim),
            {
                "name": "password",
                "secret": {
                    "secretName": ports.host(app.name),
                    "items": [{"key": PASSWORD_FILE, "path": PASSWORD_FILE}],
                },
            },
        ],
    }
    log_in_to_registry(app, spec)
    return spec


def _data(claim: VolumeClaim | None) -> Volume:
    if claim:
        return {"name": "data", "persistentVolumeClaim": {"claimName": claim.object_name}}
    return {"name": "data", "emptyDir": {"sizeLimit": "16Mi"}}


def _container(valkey: Valkey, pods: Pods) -> Container:
    return {
        "name": "valkey",
        "image": pods.platform.valkey_image or "",
        "imagePullPolicy": "IfNotPresent",
        "command": _command(valkey),
        "ports": [
            {
                "name": ValkeyStatefulSet.port_name,
                "containerPort": ports.PORT,
                "protocol": "TCP",
            }
        ],
        "startupProbe": _probe(failure_threshold=60),
        "readinessProbe": _probe(failure_threshold=3),
        "livenessProbe": _probe(failure_threshold=6),
        "resources": requirements(_resources(valkey)),
        "securityContext": container_security(),
        "volumeMounts": [
            {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108 (a folder in the container)
            {"name": "data", "mountPath": DATA_FOLDER},
            {"name": "password", "mountPath": PASSWORD_FOLDER, "readOnly": True},
        ],
    }


def _command(valkey: Valkey) -> list[str]:
    keeps = valkey.purpose == "queues"
    settings = {
        "dir": DATA_FOLDER,
        "port": str(ports.PORT),
        "databases": str(ports.DATABASES),
        "maxmemory": str(size_in_bytes(valkey.memory)),
        "maxmemory-policy": "noeviction" if keeps else "allkeys-lru",
        "save": "",
        "appendonly": "yes" if keeps else "no",
    }
    options = [text for name, value in settings.items() for text in (f"--{name}", value)]
    return ["valkey-server", f"{PASSWORD_FOLDER}/{PASSWORD_FILE}", *options]


def _resources(valkey: Valkey) -> Resources:
    memory = size_in_bytes(valkey.memory) // MIB
    return Resources(
        cpu_request="50m",
        cpu_limit="1",
        memory_request=f"{memory + 32}Mi",
        memory_limit=f"{2 * memory + 64}Mi",
    )


def _probe(failure_threshold: int) -> Probe:
    return {
        "tcpSocket": {"port": ValkeyStatefulSet.port_name},
        "periodSeconds": 5,
        "timeoutSeconds": 5,
        "successThreshold": 1,
        "failureThreshold": failure_threshold,
    }
