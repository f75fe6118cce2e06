"""A defect for each way in which a reference to a port, name or key can lead nowhere."""

from typing import Any

from tests.gate.defects import NOTIZEN, WEB, Add, Change, Set, full, metadata

POLICY_PORT = "spec/ingress/0/ports/0/port"
BACKEND = "spec/rules/0/http/paths/0/backend/service/port"
SITE = f"{WEB}/volumeMounts/3/subPath"


def policy(labels: dict[str, str]) -> Change:
    """One more NetworkPolicy, for pods with these labels."""
    document: dict[str, Any] = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata("more"),
        "spec": {"podSelector": {"matchLabels": labels}, "policyTypes": ["Ingress"]},
    }
    return Add(document, NOTIZEN)


REFERENCE_DEFECTS: dict[tuple[str, str], list[Change]] = {
    ("references.E001", "a port that the Service does not have"): [
        Set("Ingress", BACKEND, {"number": 8000})
    ],
    ("references.E001", "a port's name that the Service does not have"): [
        Set("Ingress", f"{BACKEND}/name", "web")
    ],
    ("references.E001", "the Service's port changes, the Ingress does not"): [
        Set("Service", "spec/ports/0/name", "web")
    ],
    ("references.E001", "a file that the ConfigMap does not have"): full(
        "Deployment", SITE, "site"
    ),
    ("references.E002", "a probe of a port that is not there"): [
        Set("Deployment", f"{WEB}/readinessProbe/httpGet/port", "web")
    ],
    ("references.E002", "a probe of another number"): [
        Set("Deployment", f"{WEB}/livenessProbe/httpGet/port", 8001)
    ],
    ("references.E002", "Valkey is asked at another port"): full(
        "StatefulSet", f"{WEB}/readinessProbe/tcpSocket/port", 6380
    ),
    ("references.E002", "a server at another port"): full(
        "Deployment", f"{WEB}/command/3", "--port=8001"
    ),
    ("references.E003", "a policy of another port"): [Set("NetworkPolicy", POLICY_PORT, 80)],
    ("references.E003", "a policy of a port's name that is not there"): [
        Set("NetworkPolicy", POLICY_PORT, "web")
    ],
    ("references.E003", "a policy of another protocol"): [
        Set("NetworkPolicy", "spec/ingress/0/ports/0/protocol", "UDP")
    ],
    ("references.E003", "a policy for pods that are not there"): [
        policy({"app.kubernetes.io/name": "notes"})
    ],
    ("references.E004", "a policy of another of the pod's ports"): [
        Set("Deployment", f"{WEB}/ports/1", {"name": "metrics", "containerPort": 9100}),
        Set("NetworkPolicy", POLICY_PORT, 9100),
    ],
    ("references.E005", "a file that the volume does not choose"): full(
        "StatefulSet", f"{WEB}/volumeMounts/2/subPath", "valkey.conf"
    ),
    ("references.E006", "a storage class that nobody provides"): [
        Set("PersistentVolumeClaim", "spec/storageClassName", "longhorn")
    ],
}
