"""The names of the world outside, as the cluster's name service knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from box.platform.apply import apply

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def lead_to(address: str, kubeconfig: Path, hosts: Sequence[str]) -> None:
    """Let these public names, and no others, lead to an address; seen within a minute."""
    lines = "".join(f"{address} {host}\n" for host in hosts)
    metadata = {"name": "coredns-hosts", "namespace": "kube-system"}
    data = {"NodeHosts": lines}
    apply(
        kubeconfig,
        [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}],
    )
