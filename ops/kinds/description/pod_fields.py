"""The fields of pods that apps set: what the constructs render and what the pod checks judge."""

from railiance.annotations import FILES_DIGEST, SECRETS_DIGEST

_PROBE = tuple(
    f"{probe}.{field}"
    for probe in ("startupProbe", "readinessProbe", "livenessProbe")
    for field in (
        *("httpGet.path", "httpGet.port", "httpGet.scheme"),
        *(
            "httpGet.httpHeaders.name",
            "httpGet.httpHeaders.value",
            "exec.command",
            "tcpSocket.port",
        ),
        *("periodSeconds", "timeoutSeconds", "successThreshold", "failureThreshold"),
    )
)
_CONTAINER = (
    *("name", "image", "imagePullPolicy", "env.name", "env.value"),
    *("env.valueFrom.secretKeyRef.name", "env.valueFrom.secretKeyRef.key", "envFrom.*"),
    *("resources.requests.*", "resources.limits.*"),
    *("securityContext.allowPrivilegeEscalation", "securityContext.readOnlyRootFilesystem"),
    *("securityContext.capabilities.drop", "securityContext.privileged"),
    *("volumeMounts.name", "volumeMounts.mountPath", "volumeMounts.subPath"),
    *("volumeMounts.readOnly", "workingDir"),
    *("ports.name", "ports.containerPort", "ports.protocol", "ports.hostPort"),
    *("lifecycle.preStop.sleep.seconds", "command"),
    *_PROBE,
)
_POD = (
    *("serviceAccountName", "automountServiceAccountToken", "enableServiceLinks"),
    *("securityContext.runAsNonRoot", "securityContext.runAsUser", "securityContext.runAsGroup"),
    *("securityContext.fsGroup", "securityContext.fsGroupChangePolicy"),
    *("securityContext.seccompProfile.type", "restartPolicy", "terminationGracePeriodSeconds"),
    *("volumes.name", "volumes.emptyDir.sizeLimit", "volumes.persistentVolumeClaim.claimName"),
    *("volumes.configMap.name", "volumes.secret.secretName", "volumes.secret.items.key"),
    *("volumes.secret.items.path", "imagePullSecrets.name"),
    *("volumes.hostPath.*", "hostNetwork", "hostPID", "hostIPC"),
    *(f"{kind}.{field}" for kind in ("containers", "initContainers") for field in _CONTAINER),
)


def template(*parents: str) -> tuple[tuple[str, ...], ...]:
    """The fields of a pod template below these fields."""
    return (
        (*parents, "template", "metadata", "labels", "*"),
        (*parents, "template", "metadata", "annotations", SECRETS_DIGEST),
        (*parents, "template", "metadata", "annotations", FILES_DIGEST),
        *((*parents, "template", "spec", *field.split(".")) for field in _POD),
    )
