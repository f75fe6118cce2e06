"""Who may reach the app's pods."""

from ops.documents.workload import Workload
from ops.gate.inventory import Inventory
from ops.gate.policy import Offences, check
from ops.kinds.network_policy import NetworkPolicy, Peer
from railiance.annotations import NAME, NAMESPACE_NAME
from railiance.platform import Platform


def _covers(policy: NetworkPolicy, workload: Workload) -> bool:
    selector = policy.spec.pod_selector
    selects = selector.covers(workload.labels)
    return selects and not selector.match_expressions and "Ingress" in policy.spec.policy_types


def _names_controller(peer: Peer, platform: Platform) -> bool:
    elsewhere = peer.namespace_selector
    namespace = elsewhere.match_labels.get(NAMESPACE_NAME) if elsewhere else None
    pods = peer.pod_selector.match_labels.get(NAME)
    return (namespace, pods) == (platform.ingress_namespace, platform.ingress_class)


def _names_own_pods(peer: Peer, namespace: str) -> bool:
    """Whether these are the pods of the app in the policy's namespace."""
    own = peer.pod_selector.match_labels.get(NAME)
    return peer.namespace_selector is None and own == namespace


@check(
    "network.E001",
    "A NetworkPolicy selects the app's own pods, not the whole namespace.",
    hint="select by app.kubernetes.io/name",
    because="cert-manager's solver pods run there too; blocked, they cannot answer the challenge.",
)
def solvers_cut_off(inventory: Inventory) -> Offences:
    """Policies with an empty selector."""
    for manifest, policy in inventory.objects(NetworkPolicy):
        selector = policy.spec.pod_selector
        if not selector.match_labels and not selector.match_expressions:
            yield manifest, "selects every pod in the namespace"


@check(
    "network.E002",
    "Every pod is covered by a NetworkPolicy for ingress.",
    hint="render the app's NetworkPolicy",
    because="Without one, any pod of any app on the node can connect to it, past TLS.",
)
def pods_uncovered(inventory: Inventory) -> Offences:
    """Pods that everyone on the cluster can reach."""
    for workload in inventory.workloads:
        policies = inventory.objects(NetworkPolicy, workload.manifest.namespace)
        if not any(_covers(policy, workload) for _, policy in policies):
            yield workload.manifest, "is covered by no NetworkPolicy"


@check(
    "network.E003",
    "Only the ingress controller's pods may reach an app's web pods, only the app's own pods its"
    " Valkey, and nobody its other pods.",
    hint="name the controller's namespace and pods, or for Valkey the app's pods, as the only peer",
    because="Any other client could send a pod plain HTTP and forge X-Forwarded headers.",
)
def peers_unexpected(inventory: Inventory) -> Offences:
    """Policies that let others in."""
    for manifest, policy in inventory.objects(NetworkPolicy):
        covered = [
            workload
            for workload in inventory.workloads_by_namespace.get(manifest.namespace, ())
            if _covers(policy, workload)
        ]
        for rule in policy.spec.ingress:
            peers = rule.peers or [Peer()]
            if covered and all(inventory.is_valkey(workload) for workload in covered):
                if not all(_names_own_pods(peer, manifest.namespace) for peer in peers):
                    yield manifest, "allows more than the app's own pods to reach Valkey"
            elif not all(_names_controller(peer, inventory.platform) for peer in peers):
                yield manifest, "allows more than the ingress controller"


@check(
    "network.E004",
    "Nobody may reach the pods of workers and schedules.",
    hint="let the policy of the web pods select their component, too",
    because="They serve nothing; an open port of a library would be an unwatched way in.",
)
def workers_reachable(inventory: Inventory) -> Offences:
    """Pods besides web and migrate that a policy with a rule covers, or that state a port."""
    for workload in inventory.waiting:
        if workload in inventory.web:
            continue
        for manifest, policy in inventory.objects(NetworkPolicy, workload.manifest.namespace):
            if policy.spec.ingress and _covers(policy, workload):
                yield workload.manifest, f"can be reached: {manifest} covers it"
        if any(container.ports for container in workload.containers):
            yield workload.manifest, "states a port"
