"""A few pods to rehearse with: a server with its Service, a friend beside it, a stranger elsewhere.

The friend has a volume. All are of the node's own busybox.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from box.command import kubectl
from box.poll import until
from ops.errors import CommandError

MANIFESTS = Path(__file__).parent / "manifests"
TIMEOUT = "--timeout=90s"
ENFORCED_WITHIN_SECONDS = 10.0


@dataclass(frozen=True)
class Pod:
    """Where a pod is, and under which labels."""

    namespace: str
    name: str


SERVER = Pod("home", "deployment/server")
FRIEND = Pod("home", "pod/friend")
STRANGER = Pod("abroad", "pod/stranger")
SERVICE = "server.home.svc.cluster.local"


@dataclass(frozen=True)
class Pods:
    """The pods on one cluster."""

    kubeconfig: Path

    def start(self) -> None:
        """Have them run, and the server answer its probes."""
        self.apply("pods.yaml")
        for pod in (FRIEND, STRANGER):
            self.kubectl(pod, "wait", "--for=condition=Ready", pod.name, TIMEOUT)
        self.kubectl(SERVER, "wait", "--for=condition=Available", SERVER.name, TIMEOUT)

    def apply(self, name: str) -> None:
        """Apply a manifest."""
        kubectl(self.kubeconfig, "apply", "-f", str(MANIFESTS / name))

    def kubectl(self, pod: Pod, *arguments: str) -> str:
        """What kubectl says in a pod's namespace."""
        return kubectl(self.kubeconfig, f"--namespace={pod.namespace}", *arguments)

    def run(self, pod: Pod, script: str) -> str:
        """What a shell script in a pod prints."""
        return self.kubectl(pod, "exec", pod.name, "--", "sh", "-c", script)

    def fetch(self, pod: Pod, address: str, port: int) -> str:
        """What a server answers to a pod; empty if it does not."""
        request = "printf 'GET / HTTP/1.0\\r\\n\\r\\n'"
        try:
            return self.run(pod, f"{request} | busybox nc -w 3 {address} {port}")
        except CommandError:
            return ""

    def reaches(self, pod: Pod, address: str = SERVICE, port: int = 80) -> bool:
        """Whether the server answers a pod."""
        return "hello" in self.fetch(pod, address, port)

    def wait_until_enforced(self, policy: str, *, cut_off: Pod) -> None:
        """Apply a NetworkPolicy, and wait until it keeps this pod out."""
        self.apply(policy)
        until(
            lambda: not self.reaches(cut_off),
            f"{policy} keeps {cut_off.name} out",
            ENFORCED_WITHIN_SECONDS,
        )

    def open_to(self, pod: Pod) -> None:
        """Take the NetworkPolicy back, and wait until this pod reaches the server again."""
        self.kubectl(SERVER, "delete", "networkpolicy", "rehearsed")
        until(
            lambda: self.reaches(pod),
            f"without a policy {pod.name} reaches the server",
            ENFORCED_WITHIN_SECONDS,
        )

    def address(self, pod: Pod) -> str:
        """The address of the one pod of a workload."""
        label = f"--selector=app={pod.name.partition('/')[2]}"
        found = json.loads(self.kubectl(pod, "get", "pods", label, "--output=json"))["items"]
        return str(found[0]["status"]["podIP"])

    def containers(self) -> dict[str, str]:
        """Every container that runs on the cluster, by its pod: another one has another id."""
        return running(self._all())

    def are_others_than(self, before: dict[str, str]) -> bool:
        """Whether each of these containers has been replaced, unless its pod is gone."""
        found = self._all()
        now, there = running(found), {pod["metadata"]["name"] for pod in found}
        return all(
            pod in now and now[pod] != container
            for pod, container in before.items()
            if pod in there
        )

    def _all(self) -> list[dict[str, Any]]:
        said = kubectl(self.kubeconfig, "get", "pods", "-A", "--output=json")
        return list(json.loads(said)["items"])


def running(pods: list[dict[str, Any]]) -> dict[str, str]:
    """The container that runs in each of these pods."""
    return {
        pod["metadata"]["name"]: status["containerID"]
        for pod in pods
        for status in pod["status"].get("containerStatuses", [])
        if "running" in status["state"]
    }
