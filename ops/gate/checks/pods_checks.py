"""How pods run: probed, restricted, bounded, rolled without a gap."""

import re
from collections.abc import Iterator

from ops.documents.workload import Workload
from ops.gate.inventory import Inventory
from ops.gate.policy import Offences, check
from ops.kinds.deployment import Deployment
from ops.kinds.namespace import Namespace
from ops.kinds.service_account import ServiceAccount
from ops.objects.pod_spec import Container, Probe
from railiance.annotations import ENFORCED_PROFILE, ENFORCED_VERSION

GRACEFUL_TIMEOUT_SECONDS = 30
"""gunicorn's default."""


def _probes(container: Container) -> dict[str, Probe | None]:
    return {
        "startupProbe": container.startup_probe,
        "readinessProbe": container.readiness_probe,
        "livenessProbe": container.liveness_probe,
    }


def _requests(web: Workload) -> Iterator[tuple[str, dict[str, str]]]:
    """Each HTTP probe with the headers that it sends."""
    for container in web.containers:
        for name, probe in _probes(container).items():
            if probe and probe.http_get:
                headers = probe.http_get.http_headers
                yield name, {header.name.lower(): header.value for header in headers}


@check(
    "pods.E001",
    "Web containers have a startup, a readiness and a liveness probe over HTTP.",
    hint="render all three on the health path",
    because="Without them traffic reaches pods that cannot serve, and a hanging one stays.",
)
def probes_missing(inventory: Inventory) -> Offences:
    """Containers of Deployments that lack one."""
    for web in inventory.web:
        for container in web.pod.containers:
            for name, probe in _probes(container).items():
                if not probe or not probe.http_get:
                    yield web.manifest, f"container {container.name} has no {name}"


@check(
    "pods.E002",
    "Probes send one of ALLOWED_HOSTS as the Host header.",
    hint="send the public host as the Host header",
    because="By default the kubelet sends the pod's IP address, and Django answers 400.",
)
def probes_without_host(inventory: Inventory) -> Offences:
    """Probes that Django would refuse."""
    for web in inventory.web:
        names = inventory.names_of(web)
        allowed = web.value(names.hosts).split(names.separator) if names.hosts else None
        for name, headers in _requests(web):
            if not headers.get("host") or (allowed and headers["host"] not in allowed):
                yield web.manifest, f"{name} sends Host {headers.get('host')!r}"


@check(
    "pods.E003",
    "Probes send X-Forwarded-Proto: https.",
    hint="send X-Forwarded-Proto: https",
    because="With SECURE_SSL_REDIRECT the probe is redirected to another host, which the "
    "kubelet counts as success: a dead app would be ready.",
)
def probes_without_scheme(inventory: Inventory) -> Offences:
    """Probes that Django would redirect."""
    for web in inventory.web:
        for name, headers in _requests(web):
            if headers.get("x-forwarded-proto") != "https":
                yield web.manifest, f"{name} sends no X-Forwarded-Proto: https"


def _breaches(workload: Workload) -> Iterator[str]:
    """What Pod Security's restricted profile would refuse."""
    pod = workload.pod.security_context
    for container in workload.containers:
        own, name = container.security_context, container.name
        if not (pod.run_as_non_root if own.run_as_non_root is None else own.run_as_non_root):
            yield f"container {name} may run as root"
        if own.allow_privilege_escalation or own.privileged:
            yield f"container {name} may gain privileges"
        if "ALL" not in own.capabilities.drop:
            yield f"container {name} keeps capabilities"
        seccomp = own.seccomp_profile or pod.seccomp_profile
        if not seccomp or seccomp.type not in ("RuntimeDefault", "Localhost"):
            yield f"container {name} has no seccomp profile"
    if any(volume.host_path is not None for volume in workload.pod.volumes):
        yield "mounts a folder of the node"
    if workload.pod.host_pid or workload.pod.host_ipc:
        yield "shares the node's processes"


@check(
    "pods.E004",
    "Pods meet the `restricted` Pod Security Standard, and their Namespace enforces it.",
    hint="render the pod and its Namespace with the project's constructs",
    because="Kubernetes, «Pod Security Standards». An enforcing namespace rejects other pods; "
    "one that does not enforce admits any pod.",
)
def pods_unrestricted(inventory: Inventory) -> Offences:
    """Pods that are not restricted, and namespaces that let such pods in."""
    for workload in inventory.workloads:
        for breach in _breaches(workload):
            yield workload.manifest, breach
    version = f"v{inventory.platform.kubernetes_version}"
    for manifest, _ in inventory.objects(Namespace):
        labels = manifest.labels
        if (labels.get(ENFORCED_PROFILE), labels.get(ENFORCED_VERSION)) != ("restricted", version):
            yield manifest, f"does not enforce the restricted profile of {version}"


@check(
    "pods.E005",
    "The root file system is read-only, and /tmp can be written.",
    hint="set readOnlyRootFilesystem and mount an emptyDir at /tmp",
    because="An intruder cannot write files; gunicorn and Django's uploads need a writable folder.",
)
def file_systems_writable(inventory: Inventory) -> Offences:
    """Containers that can write anywhere, or nowhere."""
    for workload in inventory.workloads:
        scratch = {v.name for v in workload.pod.volumes if v.empty_dir is not None}
        for container in workload.containers:
            written = {m.mount_path for m in container.volume_mounts if m.name in scratch}
            if not container.security_context.read_only_root_filesystem:
                yield (
                    workload.manifest,
                    (f"container {container.name} has a writable root file system"),
                )
            elif "/tmp" not in written:  # noqa: S108 (a folder in the container)
                yield workload.manifest, f"container {container.name} cannot write /tmp"


@check(
    "pods.E006",
    "Requests and limits of CPU and memory are stated.",
    hint="declare resources",
    because="On a single node, a pod without limits can take the database's memory.",
)
def resources_unstated(inventory: Inventory) -> Offences:
    """Containers that lack one of the four figures."""
    for workload in inventory.workloads:
        for container in workload.containers:
            resources = container.resources
            bounds = {"requests": resources.requests, "limits": resources.limits}
            for bound, stated in bounds.items():
                for resource in ("cpu", "memory"):
                    if resource not in stated:
                        name = container.name
                        yield workload.manifest, f"container {name} has no {bound}.{resource}"


@check(
    "pods.E007",
    "Pods run under their app's ServiceAccount, and no token is mounted.",
    hint="name the ServiceAccount, and set automountServiceAccountToken: false on it and the pod",
    because="A Django app does not use the API server; a token would only help an intruder.",
)
def tokens_mounted(inventory: Inventory) -> Offences:
    """Pods and ServiceAccounts that mount a token, and pods under the namespace's default one."""
    for manifest, account in inventory.objects(ServiceAccount):
        if account.automount_service_account_token:
            yield manifest, "mounts its token"
    for workload in inventory.workloads:
        if workload.pod.automount_service_account_token:
            yield workload.manifest, "mounts a token"
        if workload.pod.service_account_name == "default":
            yield workload.manifest, "runs under the default ServiceAccount"


@check(
    "pods.E008",
    "A new pod is ready before an old one ends.",
    hint="use RollingUpdate with maxUnavailable: 0 and maxSurge: 1, and a preStop pause",
    because="With one replica, any other setting causes downtime.",
)
def rolls_with_gap(inventory: Inventory) -> Offences:
    """Web Deployments that end a pod first, or while proxies still send to it."""
    for web in inventory.web:
        deployment = web.manifest.typed(Deployment)
        strategy = deployment.spec.strategy
        unavailable = strategy.rolling_update.max_unavailable
        if strategy.rolling_update.max_surge in (0, "0%"):
            yield web.manifest, "starts no new pod before the old one ends: maxSurge is 0"
        if strategy.type != "RollingUpdate" or unavailable not in (0, "0%"):
            yield web.manifest, "may end the old pod first"
        for container in web.pod.containers:
            if not container.lifecycle.pre_stop:
                yield web.manifest, f"container {container.name} has no preStop pause"


@check(
    "pods.E009",
    "The grace period covers the preStop pause and gunicorn's graceful timeout.",
    hint="give terminationGracePeriodSeconds at least preStop + graceful timeout",
    because="A pod that is killed cuts off the requests that it was answering.",
)
def grace_too_short(inventory: Inventory) -> Offences:
    """Deployments whose pods are killed while they finish."""
    for web in inventory.web:
        granted = web.pod.termination_grace_period_seconds
        for container in web.pod.containers:
            pause = container.lifecycle.pre_stop
            needed = (pause.sleep.seconds if pause else 0) + _graceful_seconds(web)
            if granted < needed:
                yield web.manifest, f"is killed after {granted} s, needs {needed} s"


def _graceful_seconds(web: Workload) -> int:
    """How long gunicorn lets requests finish: as it is set, or its default."""
    found = re.search(r"--graceful-timeout=(\d+)", web.value("GUNICORN_CMD_ARGS"))
    return int(found[1]) if found else GRACEFUL_TIMEOUT_SECONDS


@check(
    "pods.E010",
    "Containers run as a numeric user id other than 0.",
    hint="declare run_as_user with the image's user id",
    because="The kubelet cannot verify that a user name is non-root and refuses to start the pod.",
)
def users_unnumbered(inventory: Inventory) -> Offences:
    """Pods that leave the user to the image."""
    for workload in inventory.workloads:
        pod = workload.pod.security_context.run_as_user
        for container in workload.containers:
            own = container.security_context.run_as_user
            if not (pod if own is None else own):
                yield workload.manifest, f"container {container.name} names no user id"


@check(
    "pods.E011",
    "Pods get no environment variables for Services.",
    hint="set enableServiceLinks: false",
    because="Django and gunicorn would read variables such as <APP>_PORT as settings.",
)
def service_links(inventory: Inventory) -> Offences:
    """Pods with service links."""
    for workload in inventory.workloads:
        if workload.pod.enable_service_links:
            yield workload.manifest, "gets environment variables for Services"
