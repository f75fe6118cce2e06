"""The services of a node, and what each needs before it starts."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from box import debian
from box.components.component import Component, no_preparation
from box.components.readiness import answers_ok
from box.node import cgroups, images
from box.node.namespace import HOLDER, Namespace
from box.node.packages import environment
from box.node.settings import SOCKET, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from box.certificates import Pair
    from box.folder import Folder
    from box.node.network import Network

NAME = "railiance-box"
SERVICES = ("containerd", "kubelet", "kube-proxy", "netpol")
"""Services of the node, as on a real machine: pods keep running when they restart."""
# Links that the package's installation would create.
LINKED = ("iptables", "ip6tables")


@dataclass(frozen=True)
class Node:
    """The real node of one local cluster."""

    folder: Folder
    network: Network
    authority: Pair
    admin: Pair
    proxy: str
    """The proxy through which containerd reaches the registries."""

    @cached_property
    def namespace(self) -> Namespace:
        """Its namespaces."""
        return Namespace(self.folder)

    @cached_property
    def packages(self) -> Path:
        """The unpacked Debian packages."""
        return debian.read_lock()["node"].root

    @cached_property
    def settings(self) -> Settings:
        """Its configuration files."""
        return Settings(self.folder, self.network, self.packages)

    def import_archive(self, archive: Path) -> None:
        """Import the images of an OCI archive on the node."""
        images.import_archive(self.namespace, self.packages, archive)

    def holder(self) -> Component:
        """Holds the namespaces in which all other services run."""
        program, *arguments = self.namespace.command
        return Component(
            name=HOLDER,
            program=Path(program),
            arguments=tuple(arguments),
            prepare=self.prepare,
            is_ready=self.namespace.is_held,
        )

    def containerd(self) -> Component:
        """Runs containers."""
        return self.service(
            "containerd",
            f"--config={self.settings.containerd}",
            program=self.packages / "usr/bin/containerd",
            prepare=lambda: self.network.connect(self.namespace),
            ready=self.containerd_answers,
            more={"HTTPS_PROXY": self.proxy, "SSL_CERT_FILE": str(self.authority.certificate)},
        )

    def kubelet(self) -> Component:
        """Runs pods."""
        return self.service(
            "kubelet",
            f"--config={self.settings.kubelet}",
            f"--kubeconfig={self.folder.kubeconfig}",
            f"--root-dir={self.settings.root / 'kubelet'}",
            f"--hostname-override={NAME}",
            f"--node-ip={self.network.node}",
            # Every pod needs the pause image, which is one of these.
            prepare=lambda: self.import_archive(images.own_archive(self.packages)),
            ready=lambda: self.answers(10248, "/healthz"),
        )

    def kube_proxy(self) -> Component:
        """Routes traffic for Services to their pods."""
        return self.service(
            "kube-proxy",
            f"--kubeconfig={self.folder.kubeconfig}",
            "--proxy-mode=nftables",
            f"--hostname-override={NAME}",
            f"--cluster-cidr={self.network.pods}",
            f"--healthz-bind-address={self.network.node}:10256",
            f"--metrics-bind-address={self.network.node}:10249",
            # The conntrack table's size is a setting of the machine.
            "--conntrack-max-per-core=0",
            "--conntrack-tcp-timeout-established=0",
            "--conntrack-tcp-timeout-close-wait=0",
            ready=lambda: self.answers(10256, "/healthz"),
        )

    def netpol(self) -> Component:
        """Enforces every NetworkPolicy."""
        return self.service(
            "netpol",
            f"--kubeconfig={self.folder.kubeconfig}",
            f"--health={self.network.node}:10258",
            f"--trusted={self.network.host}",
            ready=lambda: self.answers(10258, "/healthz"),
        )

    def service(
        self,
        name: str,
        *arguments: str,
        ready: Callable[[], bool],
        program: Path | None = None,
        prepare: Callable[[], None] = no_preparation,
        more: Mapping[str, str] = MappingProxyType({}),
    ) -> Component:
        """A service that runs inside the namespaces."""
        return Component(
            name=name,
            program=program,
            arguments=arguments,
            within=self.namespace.enter,
            prepare=prepare,
            is_ready=ready,
            environment={**environment(self.packages, self.settings.root / "bin"), **more},
        )

    def prepare(self) -> None:
        """Write the configuration files, and create the cgroup for pods."""
        self.settings.write(self.authority, self.admin)
        # As after a boot; otherwise the kubelet waits long for containers that are gone.
        cgroups.remove(self.folder)
        cgroups.create(self.folder)
        for name in LINKED:
            link = self.settings.root / "bin" / name
            link.unlink(missing_ok=True)
            link.symlink_to(self.packages / "usr/sbin/xtables-nft-multi")

    def containerd_answers(self) -> bool:
        """Whether containerd accepts connections."""
        try:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(str(self.namespace.path(SOCKET)))
        except OSError:
            return False
        return True

    def answers(self, port: int, health: str) -> bool:
        """Whether a service's health endpoint on the node answers."""
        return answers_ok(f"http://{self.network.node}:{port}{health}", self.authority.certificate)

    def clear(self) -> None:
        """Remove what is left of a node after its processes; does nothing if there was none."""
        self.network.disconnect()
        cgroups.remove(self.folder)
