"""How pods run: probed, restricted, bounded, rolled without a gap."""

import re
from collections.abc import Iterator, Mapping

from ops.gate.inventory import Inventory
from ops.gate.policy import Offences, check
from ops.workload import Workload

PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
GRACEFUL_TIMEOUT_SECONDS = 30
"""gunicorn's default."""
ENFORCE = "pod-security.kubernetes.io/enforce"


def _probes(web: Workload) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Each HTTP probe with the headers that it sends."""
    for container in web.containers:
        for name in PROBES:
            action = (container.get(name) or {}).get("httpGet")
            if action:
                headers = action.get("httpHeaders") or []
                yield name, {header["name"].lower(): header["value"] for header in headers}


@check(
    "pods.E001",
    "Web containers have a startup, a readiness and a liveness probe over HTTP.",
    hint="render all three on the health path",
    because="Without them traffic reaches pods that cannot serve, and a hanging one stays.",
)
def probes_missing(inventory: Inventory) -> Offences:
    """Containers of Deployments that lack one."""
    for web in inventory.web:
        for container in web.pod.get("containers") or []:
            for name in PROBES:
                if "httpGet" not in (container.get(name) or {}):
                    yield web.manifest, f"container {container.get('name')} has no {name}"


@check(
    "pods.E002",
    "Probes send one of the allowed hosts as Host.",
    hint="send the public host as Host",
    because="The kubelet sends the pod's address, to which Django answers 400.",
)
def probes_without_host(inventory: Inventory) -> Offences:
    """Probes that Django would refuse."""
    for web in inventory.web:
        allowed = str(web.environment().get("ALLOWED_HOSTS") or "").split(",")
        for name, headers in _probes(web):
            if headers.get("host") not in allowed:
                yield web.manifest, f"{name} sends Host {headers.get('host')!r}"


@check(
    "pods.E003",
    "Probes say that the visitor came over https.",
    hint="send X-Forwarded-Proto: https",
    because="With SECURE_SSL_REDIRECT the probe is redirected to another host, which the kubelet"
    " takes for success: a dead app would count as ready.",
)
def probes_without_scheme(inventory: Inventory) -> Offences:
    """Probes that Django would redirect."""
    for web in inventory.web:
        for name, headers in _probes(web):
            if headers.get("x-forwarded-proto") != "https":
                yield web.manifest, f"{name} sends no X-Forwarded-Proto: https"


def _breaches(workload: Workload) -> Iterator[str]:
    """What Pod Security's restricted profile would refuse."""
    pod = workload.pod.get("securityContext") or {}
    for container in workload.containers:
        own = container.get("securityContext") or {}
        name = container.get("name")
        if not own.get("runAsNonRoot", pod.get("runAsNonRoot")):
            yield f"container {name} may run as root"
        if own.get("allowPrivilegeEscalation", True) or own.get("privileged"):
            yield f"container {name} may gain privileges"
        if "ALL" not in ((own.get("capabilities") or {}).get("drop") or []):
            yield f"container {name} keeps capabilities"
        seccomp = own.get("seccompProfile") or pod.get("seccompProfile") or {}
        if seccomp.get("type") not in ("RuntimeDefault", "Localhost"):
            yield f"container {name} has no seccomp profile"
    volumes = workload.pod.get("volumes") or []
    if any("hostPath" in volume for volume in volumes):
        yield "mounts a folder of the node"
    if any(workload.pod.get(field) for field in ("hostPID", "hostIPC")):
        yield "shares the node's processes"


@check(
    "pods.E004",
    "Pods keep Pod Security's restricted profile, and their namespace enforces it.",
    hint="render the pod and its Namespace with the project's constructs",
    because="Kubernetes, «Pod Security Standards». The namespace would refuse the pod, and a"
    " namespace that does not would let any pod in.",
)
def pods_unrestricted(inventory: Inventory) -> Offences:
    """Pods that are not restricted, and namespaces that let such pods in."""
    for workload in inventory.workloads:
        for breach in _breaches(workload):
            yield workload.manifest, breach
    version = f"v{inventory.platform['kubernetes-version']}"
    for namespace in inventory.of("Namespace"):
        enforced = (namespace.labels.get(ENFORCE), namespace.labels.get(f"{ENFORCE}-version"))
        if enforced != ("restricted", version):
            yield namespace, f"does not enforce the restricted profile of {version}"


@check(
    "pods.E005",
    "The root file system is read-only, and /tmp can be written.",
    hint="set readOnlyRootFilesystem and mount an emptyDir at /tmp",
    because="An intruder cannot settle; gunicorn and Django's uploads need a folder to write to.",
)
def file_systems_writable(inventory: Inventory) -> Offences:
    """Containers that can write anywhere, or nowhere."""
    for workload in inventory.workloads:
        scratch = {v["name"] for v in workload.pod.get("volumes") or [] if "emptyDir" in v}
        for container in workload.containers:
            mounts = container.get("volumeMounts") or []
            written = {m["mountPath"] for m in mounts if m["name"] in scratch}
            if not (container.get("securityContext") or {}).get("readOnlyRootFilesystem"):
                yield workload.manifest, f"container {container.get('name')} can write its root"
            elif "/tmp" not in written:  # noqa: S108 (a folder in the container)
                yield workload.manifest, f"container {container.get('name')} cannot write /tmp"


@check(
    "pods.E006",
    "Requests and limits of CPU and memory are stated.",
    hint="declare resources",
    because="On one node a pod without bounds takes the database's memory.",
)
def resources_unstated(inventory: Inventory) -> Offences:
    """Containers that lack one of the four figures."""
    for workload in inventory.workloads:
        for container in workload.containers:
            resources = container.get("resources") or {}
            for bound in ("requests", "limits"):
                for resource in ("cpu", "memory"):
                    if resource not in (resources.get(bound) or {}):
                        name = container.get("name")
                        yield workload.manifest, f"container {name} has no {bound}.{resource}"


@check(
    "pods.E007",
    "Pods run under their app's ServiceAccount, and no token is mounted.",
    hint="name the ServiceAccount, and set automountServiceAccountToken: false on it and the pod",
    because="A Django app asks nothing of the API server; a token would only serve an intruder.",
)
def tokens_mounted(inventory: Inventory) -> Offences:
    """Pods and ServiceAccounts that mount a token, and pods under the namespace's default one."""
    for account in inventory.of("ServiceAccount"):
        if account.content.get("automountServiceAccountToken") is not False:
            yield account, "mounts its token"
    for workload in inventory.workloads:
        if workload.pod.get("automountServiceAccountToken") is not False:
            yield workload.manifest, "mounts a token"
        if workload.pod.get("serviceAccountName", "default") == "default":
            yield workload.manifest, "runs under the default ServiceAccount"


@check(
    "pods.E008",
    "A new pod is ready before an old one ends.",
    hint="use RollingUpdate with maxUnavailable: 0 and maxSurge: 1, and a preStop pause",
    because="With one replica, every other way is a gap that visitors see.",
)
def rolls_with_gap(inventory: Inventory) -> Offences:
    """Deployments that end a pod first, or while proxies still send to it."""
    for web in inventory.web:
        strategy = web.manifest.spec.get("strategy") or {}
        rolling = strategy.get("rollingUpdate") or {}
        if strategy.get("type") != "RollingUpdate" or rolling.get("maxUnavailable") not in (
            0,
            "0%",
        ):
            yield web.manifest, "may end the old pod first"
        for container in web.pod.get("containers") or []:
            if "preStop" not in (container.get("lifecycle") or {}):
                yield (
                    web.manifest,
                    f"container {container.get('name')} ends without a preStop pause",
                )


@check(
    "pods.E009",
    "The grace period covers the preStop pause and gunicorn's graceful timeout.",
    hint="give terminationGracePeriodSeconds at least preStop + graceful timeout",
    because="A pod that is killed cuts off the requests that it was answering.",
)
def grace_too_short(inventory: Inventory) -> Offences:
    """Deployments whose pods are killed while they finish."""
    for web in inventory.web:
        granted = web.pod.get("terminationGracePeriodSeconds", 30)
        for container in web.pod.get("containers") or []:
            pause = (container.get("lifecycle") or {}).get("preStop") or {}
            needed = (pause.get("sleep") or {}).get("seconds", 0) + _graceful_seconds(web)
            if granted < needed:
                yield web.manifest, f"is killed after {granted} s, needs {needed} s"


def _graceful_seconds(web: Workload) -> int:
    """How long gunicorn lets requests finish: what it is told, or its default."""
    told = re.search(r"--graceful-timeout=(\d+)", str(web.environment().get("GUNICORN_CMD_ARGS")))
    return int(told[1]) if told else GRACEFUL_TIMEOUT_SECONDS


@check(
    "pods.E010",
    "The user id is a number, and not 0.",
    hint="declare run_as_user with the image's user id",
    because="The kubelet cannot check a user's name for being non-root and refuses to start it.",
)
def users_unnumbered(inventory: Inventory) -> Offences:
    """Pods that leave the user to the image."""
    for workload in inventory.workloads:
        pod = workload.pod.get("securityContext") or {}
        for container in workload.containers:
            own = container.get("securityContext") or {}
            if not own.get("runAsUser", pod.get("runAsUser")):
                yield workload.manifest, f"container {container.get('name')} names no user id"


@check(
    "pods.E011",
    "Pods get no variables of the namespace's Services.",
    hint="set enableServiceLinks: false",
    because="<APP>_PORT and its like look to Django and gunicorn as if someone had set them.",
)
def service_links(inventory: Inventory) -> Offences:
    """Pods with service links."""
    for workload in inventory.workloads:
        if workload.pod.get("enableServiceLinks") is not False:
            yield workload.manifest, "gets the Services' variables"
