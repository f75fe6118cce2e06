"""Ports and keys by which documents, and the parts of a pod, refer to each other."""

import re
from collections.abc import Iterator, Sequence

from ops.documents.workload import Workload
from ops.gate.inventory import Inventory
from ops.gate.policy import Offences, check
from ops.kinds.network_policy import NetworkPolicy, PolicyPort
from ops.kinds.persistent_volume_claim import PersistentVolumeClaim
from ops.kinds.service import Service
from ops.objects.base import IntOrString
from ops.objects.pod_spec import Container, ContainerPort, KeyToPath, Volume
from railiance.harmful_settings import GUNICORN

LISTENS = re.compile(r"--(?:bind|port)[= ](?:\S*:)?(\d+)(?!\S)")
"""The port in a command of gunicorn, uvicorn, granian or Valkey."""


@check(
    "references.E001",
    "The port or key of another object that a document names is there.",
    hint="render both from the same declaration",
    because="An Ingress that leads to a port which its Service does not have answers 404; a pod"
    " that reads a missing key of a ConfigMap does not start.",
)
def items_missing(inventory: Inventory) -> Offences:
    """Ports of Services and keys of ConfigMaps that are named, but not there."""
    for manifest in inventory.described:
        assert manifest.entry
        for reference in sorted(manifest.entry.named_items(manifest.object)):
            target = inventory.find(reference.whole, manifest.namespace)
            items = target.object.items if target else None
            if items is not None and reference.item not in items:
                there = ", ".join(sorted(items)) or "none"
                yield manifest, f"{target} has no {reference.item}, only: {there}"


def _ports(containers: Sequence[Container]) -> list[ContainerPort]:
    return [port for container in containers for port in container.ports]


def _is_stated(wanted: IntOrString, own: Sequence[ContainerPort], pod: list[ContainerPort]) -> bool:
    """A name is one of the container's own; a number may be any container's of the pod."""
    if isinstance(wanted, int):
        return wanted in {port.container_port for port in pod}
    return wanted in {port.name for port in own}


def _shown(ports: Sequence[ContainerPort]) -> str:
    return ", ".join(f"{port.name or '-'} {port.container_port}" for port in ports) or "none"


@check(
    "references.E002",
    "The port of a probe, of a lifecycle hook, and the port at which the server listens are among"
    " those that the container states.",
    hint="take the port from the container's ports",
    because="The kubelet asks a port at which nothing answers: the pod never becomes ready.",
)
def ports_unstated(inventory: Inventory) -> Offences:
    """Containers that are asked, or that listen, at a port that they do not state."""
    for workload in inventory.workloads:
        ports = _ports(workload.containers)
        for container in workload.containers:
            stated = f"only: {_shown(container.ports)}"
            for asks, port in container.asked_ports:
                if not _is_stated(port, container.ports, ports):
                    problem = f"has no port {port}, which its {asks} asks, {stated}"
                    yield workload.manifest, f"container {container.name} {problem}"
            for port in _listens_at(container) if container.ports else ():
                if port not in {stated.container_port for stated in container.ports}:
                    problem = f"listens at port {port}, which it does not state, {stated}"
                    yield workload.manifest, f"container {container.name} {problem}"


def _listens_at(container: Container) -> Iterator[int]:
    """The ports that its command names."""
    settings = container.environment.get(GUNICORN)
    words = [*(container.command or []), *container.args, (settings and settings.value) or ""]
    yield from (int(port) for port in LISTENS.findall(" ".join(words)))


def _covered(policy: NetworkPolicy, there: Sequence[Workload]) -> list[Workload]:
    return [workload for workload in there if policy.spec.pod_selector.covers(workload.labels)]


@check(
    "references.E003",
    "A NetworkPolicy selects pods, and the ports that it allows are those of the pods.",
    hint="select the pods by their labels, and allow the port that their container states",
    because="A policy blocks every port that it does not allow: visitors get 504.",
)
def policies_astray(inventory: Inventory) -> Offences:
    """Policies for pods or ports that are not there."""
    for manifest, policy in inventory.objects(NetworkPolicy):
        there = inventory.workloads_by_namespace.get(manifest.namespace, ())
        covered = _covered(policy, there)
        if not covered:
            policies = [other for _, other in inventory.objects(NetworkPolicy, manifest.namespace)]
            if all(any(_covered(other, [w]) for other in policies) for w in there):
                yield manifest, "selects no pod"  # else network.E002
            continue
        ports = [port for workload in covered for port in _ports(workload.containers)]
        for port in _unknown_ports(policy, covered):
            problem = f"allows port {port}, which its pods do not have"
            yield manifest, f"{problem}, only: {_shown(ports)}"


def _unknown_ports(policy: NetworkPolicy, pods: Sequence[Workload]) -> Iterator[IntOrString | None]:
    """The ports that a policy allows and none of its pods has."""
    ports = [port for workload in pods for port in _ports(workload.containers)]
    for rule in policy.spec.ingress:
        for allowed in rule.ports:
            if not any(allowed.admits(port) for port in ports):
                yield allowed.port


@check(
    "references.E004",
    "A NetworkPolicy allows the port at which a Service reaches its pods.",
    hint="allow the port that the Service targets",
    because="A policy blocks every port that it does not allow: visitors get 504.",
)
def services_blocked(inventory: Inventory) -> Offences:
    """Services whose pods only have policies that allow other ports."""
    for manifest, service in inventory.objects(Service):
        targets = {port.target_port for port in service.spec.ports}
        for workload in inventory.workloads_by_namespace.get(manifest.namespace, ()):
            if not service.spec.selector.items() <= workload.labels.items():
                continue
            allowed = _allowed(inventory, workload)
            for port in _ports(workload.pod.containers) if allowed else ():
                is_target = not targets.isdisjoint((port.name, port.container_port))
                if is_target and not any(one.admits(port) for one in allowed):
                    name = f"{port.name} {port.container_port}"
                    yield manifest, f"targets port {name}, which no NetworkPolicy allows"


def _allowed(inventory: Inventory, workload: Workload) -> list[PolicyPort]:
    """The ports of a workload's policies; none if one of them is wrong (references.E003)."""
    policies = [
        policy
        for _, policy in inventory.objects(NetworkPolicy, workload.manifest.namespace)
        if _covered(policy, [workload])
    ]
    if any(True for policy in policies for _ in _unknown_ports(policy, [workload])):
        return []
    rules = [rule for policy in policies for rule in policy.spec.ingress]
    return [port for rule in rules for port in rule.ports or [PolicyPort()]]


@check(
    "references.E005",
    "A file that a container mounts alone is among those that its volume chooses.",
    hint="mount the path of one of the volume's items",
    because="Kubernetes creates an empty folder in its place.",
)
def files_missing(inventory: Inventory) -> Offences:
    """Mounts of a path that a volume with chosen files does not have."""
    for workload in inventory.workloads:
        chosen = {volume.name: _chosen(volume) for volume in workload.pod.volumes}
        for container in workload.containers:
            for mount in container.volume_mounts:
                paths = [item.path for item in chosen.get(mount.name, ())]
                within = f"{mount.sub_path}/"
                if not paths or not mount.sub_path or mount.sub_path in paths:
                    continue
                if not any(path.startswith(within) for path in paths):
                    problem = f"mounts {mount.sub_path} of volume {mount.name}, which has only"
                    name = container.name
                    yield workload.manifest, f"container {name} {problem}: {', '.join(paths)}"


def _chosen(volume: Volume) -> Sequence[KeyToPath]:
    source = volume.config_map or volume.secret
    return source.items if source else ()


@check(
    "references.E006",
    "A claim names the platform's storage class.",
    hint="leave the class to the constructs",
    because="No provisioner serves another class: the claim, and the pod that mounts it, wait for"
    " ever.",
)
def classes_unknown(inventory: Inventory) -> Offences:
    """Claims for volumes that nobody provides."""
    for manifest, claim in inventory.objects(PersistentVolumeClaim):
        name = claim.spec.storage_class_name
        if name != inventory.platform.storage_class:
            yield manifest, f"has the storage class {name!r}"
