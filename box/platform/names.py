"""Public host names in the cluster DNS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from box.platform.apply import apply

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def resolve(address: str, kubeconfig: Path, hosts: Sequence[str]) -> None:
    """Make exactly these public host names resolve to an address, within a minute."""
    lines = "".join(f"{address} {host}\n" for host in hosts)
    metadata = {"name": "coredns-hosts", "namespace": "kube-system"}
    data = {"NodeHosts": lines}
    apply(
        kubeconfig,
        [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}],
    )
