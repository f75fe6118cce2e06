"""What every node of railiance01 runs before any app: cluster DNS and local-path volumes."""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from box.command import kubectl
from box.node.services import NAME

if TYPE_CHECKING:
    from box.folder import Folder
    from box.node.network import Network

MANIFESTS = Path(__file__).parent / "manifests"
READY_TIMEOUT_SECONDS = 60


def install(folder: Folder, network: Network) -> None:
    """Apply the manifests, and return once the node and everything on it is ready."""
    places = {"NODE": str(folder.root / "node"), "DNS": network.dns_service}
    for file in sorted(MANIFESTS.glob("*.yaml")):
        text = Template(file.read_text()).substitute(places)
        kubectl(folder.kubeconfig, "apply", "--server-side", "--force-conflicts", "-f-", stdin=text)
    wait = ("wait", f"--timeout={READY_TIMEOUT_SECONDS}s")
    kubectl(folder.kubeconfig, *wait, "--for=condition=Ready", f"node/{NAME}")
    available = ("--namespace=kube-system", "--for=condition=Available", "--all", "deployment")
    kubectl(folder.kubeconfig, *wait, *available)
