"""What the node's services are told in files of their own."""

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
    """The files below ``node/`` in the box's folder."""

    folder: Folder
    addresses: Network
    packages: Path
    """Where Debian's packages are unpacked."""

    @property
    def root(self) -> Path:
        """All that the node has, but for what is in its namespaces."""
        return self.folder.root / "node"

    @property
    def containerd(self) -> Path:
        """What containerd is told."""
        return self.root / "containerd.toml"

    @property
    def kubelet(self) -> Path:
        """What the kubelet is told."""
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
        # What a pod with the node's own name service gets; there is no other in a box.
        (self.root / "resolv.conf").write_text(f"nameserver {self.addresses.dns_service}\n")

    def containerd_toml(self) -> str:
        """Everything beside these is containerd's own default."""
        return f"""\
version = 2
root = "{self.root / "containerd"}"
state = "/run/containerd"

[grpc]
address = "{SOCKET}"

[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "{PAUSE}"
# Lowering the score takes a capability that root has not everywhere.
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
            # From 1.35 the kubelet has to be asked to do with control groups of version 1.
            "failCgroupV1": False,
            "failSwapOn": False,
            # How soon a pod sees its ConfigMap change; a rehearsal would wait a minute.
            "syncFrequency": "5s",
            "oomScoreAdj": 0,
            # Images come by import and from nowhere else, so none may be cleared away.
            "imageGCHighThresholdPercent": 100,
            # How full the disk of this machine is says nothing about railiance01's.
            "evictionHard": dict.fromkeys(
                ("nodefs.available", "nodefs.inodesFree", "imagefs.available"), "0%"
            ),
            "podLogsDir": str(self.root / "logs"),
            "volumePluginDir": str(self.root / "plugins"),
        }

    def pod_network(self) -> dict[str, Any]:
        """Every pod has a link of its own to the node, which routes between them and the machine.

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
