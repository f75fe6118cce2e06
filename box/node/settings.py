"""The configuration files of the node's services."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from box.node import cgroups
from box.node.images import PAUSE

if TYPE_CHECKING:
    from pathlib import Path

    from box.certificates import Pair
    from box.folder import Folder
    from box.node.network import Network

SOCKET = "/run/containerd/containerd.sock"
NETWORK_PLUGINS = "usr/lib/cni"


@dataclass(frozen=True)
class Settings:
    """The files below ``node/`` in the local cluster's folder."""

    folder: Folder
    addresses: Network
    packages: Path
    """The folder of the unpacked Debian packages."""

    @property
    def root(self) -> Path:
        """The folder of the node's files, except those in its namespaces."""
        return self.folder.root / "node"

    @property
    def containerd(self) -> Path:
        """The configuration file of containerd."""
        return self.root / "containerd.toml"

    @property
    def kubelet(self) -> Path:
        """The configuration file of the kubelet."""
        return self.root / "kubelet.json"

    def write(self, authority: Pair, admin: Pair) -> None:
        """Write every file."""
        for name in ("bin", "containerd", "kubelet", "network", "small-storage", "storage"):
            (self.root / name).mkdir(parents=True, exist_ok=True)
        self.containerd.write_text(self.containerd_toml())
        self.kubelet.write_text(json.dumps(self.kubelet_configuration(authority, admin), indent=2))
        (self.root / "network" / "pods.conflist").write_text(
            json.dumps(self.pod_network(), indent=2)
        )
        # For pods with dnsPolicy Default; no other name server exists here.
        (self.root / "resolv.conf").write_text(f"nameserver {self.addresses.dns_service}\n")

    def containerd_toml(self) -> str:
        """The configuration of containerd; everything else is its default."""
        return f"""\
version = 2
root = "{self.root / "containerd"}"
state = "/run/containerd"

[grpc]
address = "{SOCKET}"

[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "{PAUSE}"
# Lowering the score needs a capability that root does not have everywhere.
restrict_oom_score_adj = true

[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "{self.packages / NETWORK_PLUGINS}"
conf_dir = "{self.root / "network"}"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
BinaryName = "{self.packages / "usr/sbin/runc"}"
"""

    def kubelet_configuration(self, authority: Pair, admin: Pair) -> dict[str, Any]:
        """https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/."""
        return {
            "apiVersion": "kubelet.config.k8s.io/v1beta1",
            "kind": "KubeletConfiguration",
            "address": self.addresses.node,
            "healthzBindAddress": self.addresses.node,
            "tlsCertFile": str(admin.certificate),
            "tlsPrivateKeyFile": str(admin.key),
            "authentication": {
                "anonymous": {"enabled": False},
                "x509": {"clientCAFile": str(authority.certificate)},
            },
            "clusterDNS": [self.addresses.dns_service],
            "clusterDomain": "cluster.local",
            "resolvConf": str(self.root / "resolv.conf"),
            "containerRuntimeEndpoint": f"unix://{SOCKET}",
            "cgroupDriver": "cgroupfs",
            "cgroupRoot": f"/{cgroups.name(self.folder)}",
            # Since 1.35 the kubelet refuses cgroup version 1 by default.
            "failCgroupV1": False,
            "failSwapOn": False,
            # How soon a pod sees a changed ConfigMap; the default is a minute.
            "syncFrequency": "5s",
            "oomScoreAdj": 0,
            # Imported images cannot be pulled again, so garbage collection must not remove any.
            "imageGCHighThresholdPercent": 100,
            # The disk usage of this machine is irrelevant for a rehearsal.
            "evictionHard": dict.fromkeys(
                ("nodefs.available", "nodefs.inodesFree", "imagefs.available"), "0%"
            ),
            "podLogsDir": str(self.root / "logs"),
            "volumePluginDir": str(self.root / "plugins"),
        }

    def pod_network(self) -> dict[str, Any]:
        """Each pod has a link of its own to the node, which routes between pods and the machine.

        https://www.cni.dev/plugins/current/main/ptp/
        """
        addresses = {
            "type": "host-local",
            "ranges": [[{"subnet": self.addresses.pods}]],
            "routes": [{"dst": "0.0.0.0/0"}],
            "dataDir": "/run/pod-addresses",
        }
        return {
            "cniVersion": "1.0.0",
            "name": "pods",
            "plugins": [
                {"type": "ptp", "ipam": addresses},
                {"type": "portmap", "capabilities": {"portMappings": True}, "snat": True},
            ],
        }
