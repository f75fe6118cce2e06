"""Who may reach the app's pods."""

from collections.abc import Mapping
from typing import Any

from ops.gate.inventory import Inventory
from ops.gate.policy import Offences, check
from ops.manifests import Manifest
from ops.workload import Workload


def _selects(policy: Manifest, workload: Workload) -> bool:
    selector = policy.spec.get("podSelector") or {}
    wanted: Mapping[str, str] = selector.get("matchLabels") or {}
    return "matchExpressions" not in selector and wanted.items() <= workload.labels.items()


def _names_controller(peer: Mapping[str, Any], inventory: Inventory) -> bool:
    space = (peer.get("namespaceSelector") or {}).get("matchLabels") or {}
    pods = (peer.get("podSelector") or {}).get("matchLabels") or {}
    platform = inventory.platform
    return (
        space.get("kubernetes.io/metadata.name") == platform["ingress-namespace"]
        and pods.get("app.kubernetes.io/name") == platform["ingress-class"]
    )


@check(
    "network.E001",
    "A NetworkPolicy selects the app's own pods, not the whole namespace.",
    hint="select by app.kubernetes.io/name",
    because="cert-manager's solver pods run there too; cut off, they prove nothing to the issuer.",
)
def solvers_cut_off(inventory: Inventory) -> Offences:
    """Policies with an empty selector."""
    for policy in inventory.of("NetworkPolicy"):
        if not policy.spec.get("podSelector"):
            yield policy, "selects every pod in the namespace"


@check(
    "network.E002",
    "Every pod is covered by a NetworkPolicy for ingress.",
    hint="render the app's NetworkPolicy",
    because="Without one, any pod of any app on the node can speak to it, past TLS.",
)
def pods_uncovered(inventory: Inventory) -> Offences:
    """Pods that everyone on the cluster can reach."""
    for workload in inventory.workloads:
        policies = inventory.of("NetworkPolicy", workload.manifest.namespace)
        covered = any(
            _selects(policy, workload) and "Ingress" in (policy.spec.get("policyTypes") or [])
            for policy in policies
        )
        if not covered:
            yield workload.manifest, "is covered by no NetworkPolicy"


@check(
    "network.E003",
    "Only the ingress controller's pods may reach the app's.",
    hint="name the controller's namespace and pods as the only peer",
    because="Whoever else could reach a pod could speak plain HTTP to it, as any visitor.",
)
def peers_unexpected(inventory: Inventory) -> Offences:
    """Policies that let others in."""
    for policy in inventory.of("NetworkPolicy"):
        for rule in policy.spec.get("ingress") or []:
            peers = rule.get("from") or [{}]
            if not all(_names_controller(peer, inventory) for peer in peers):
                yield policy, "lets in more than the ingress controller"
