"""What runs on every node of railiance01 before anybody uses it: its name service and volumes."""

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


def furnish(folder: Folder, network: Network) -> None:
    """Apply it, and return once the node and all of it is ready."""
    places = {"NODE": str(folder.root / "node"), "DNS": network.dns_service}
    for file in sorted(MANIFESTS.glob("*.yaml")):
        text = Template(file.read_text()).substitute(places)
        kubectl(folder.kubeconfig, "apply", "--server-side", "--force-conflicts", "-f-", stdin=text)
    wait = ("wait", f"--timeout={READY_TIMEOUT_SECONDS}s")
    kubectl(folder.kubeconfig, *wait, "--for=condition=Ready", f"node/{NAME}")
    available = ("--namespace=kube-system", "--for=condition=Available", "--all", "deployment")
    kubectl(folder.kubeconfig, *wait, *available)
