"""Which clusters may be rehearsed on: only those made to be thrown away."""

from __future__ import annotations

import ipaddress
import json
from urllib.parse import urlsplit

from box.errors import BoxError
from tests.e2e.cluster import KEPT_NAMESPACES, Cluster

# A namespace argocd would be somebody's own Argo CD.
NEW_NAMESPACES = KEPT_NAMESPACES - {"argocd"}


class ClusterInUseError(BoxError):
    """A rehearsal deletes namespaces, so it refuses a cluster that somebody uses."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"KUBECONFIG: {what}; rehearsals run only on an empty cluster on this machine",
            "unset KUBECONFIG (a box is then started), or name a new kind, k3d or k3s cluster",
        )


def require_throwaway(cluster: Cluster) -> None:
    """Refuse a cluster that is not on this machine, or that holds anything already."""
    config = json.loads(cluster.kubectl("config", "view", "--minify", "--output=json"))
    server = urlsplit(config["clusters"][0]["cluster"]["server"]).hostname or ""
    if not is_local(server):
        raise ClusterInUseError(f"the API server {server} is not on this machine")
    names = {namespace["metadata"]["name"] for namespace in cluster.all("Namespace")}
    if strangers := sorted(names - NEW_NAMESPACES):
        raise ClusterInUseError(f"the cluster has the namespaces {', '.join(strangers)}")


def is_local(host: str) -> bool:
    """Whether a host name or address can only be this machine."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    # k3d names 0.0.0.0, k3s 127.0.0.1.
    return address.is_loopback or address.is_unspecified
