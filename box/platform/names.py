"""Public host names in the cluster DNS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from box.platform.apply import apply

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def resolve(kubeconfig: Path, addresses: Mapping[str, str]) -> None:
    """Make exactly these public host names resolve to their addresses, within a minute."""
    lines = "".join(f"{address} {host}\n" for host, address in addresses.items())
    metadata = {"name": "coredns-hosts", "namespace": "kube-system"}
    data = {"NodeHosts": lines}
    apply(
        kubeconfig,
        [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}],
    )
