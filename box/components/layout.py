"""Where the components of one local cluster keep their files, listen, and are checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from box.certificates import Authority, Pair
from box.components.component import Component
from box.components.readiness import accepts_connections, answers_ok
from box.ports import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from box.folder import Folder
    from box.node.network import Network

REACHED_BY_PODS = ("kube-apiserver", "githost")
"""Components that pods, or containerd for its images, must reach in real-node mode."""
PORT_NAMES = (
    "etcd",
    "etcd-peer",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kwok",
    "githost",
    "redis",
    "argocd-repo-server",
    "argocd-repo-server-metrics",
    "argocd-application-controller",
)


@dataclass(frozen=True)
class Layout:
    """The folder, ports and addresses of one local cluster."""

    folder: Folder
    ports: Mapping[str, int]
    network: Network | None = None
    """The addresses of the real node, in real-node mode."""

    def address(self, name: str) -> str:
        """The host and port that a component listens on."""
        host = self.api_host if name in REACHED_BY_PODS else LOOPBACK
        return f"{host}:{self.ports[name]}"

    @property
    def api_host(self) -> str:
        """The address that the API server listens on; pods on a real node must reach it."""
        return self.network.host if self.network else LOOPBACK

    @property
    def authority(self) -> Authority:
        """The authority that signs every certificate."""
        return Authority(self.folder.pki)

    @property
    def admin(self) -> Pair:
        """The certificate of every component as server and client: no authorization is tested."""
        return Pair.at(self.folder.pki / "admin")

    @property
    def service_accounts(self) -> Pair:
        """The key that signs and verifies the tokens of service accounts."""
        return Pair.at(self.folder.pki / "service-account")

    def server(self, name: str, arguments: tuple[str, ...], scheme: str, health: str) -> Component:
        """A component with one port, which also serves its health check."""
        return Component(
            name=name,
            arguments=arguments,
            ports=(self.ports[name],),
            is_ready=self.answers(name, scheme, health),
        )

    def accepts(self, name: str) -> Callable[[], bool]:
        """A readiness check: the port accepts a connection."""
        return lambda: accepts_connections(self.ports[name])

    def answers(self, name: str, scheme: str, health: str) -> Callable[[], bool]:
        """A readiness check: the health endpoint answers 200."""
        return lambda: answers_ok(
            f"{scheme}://{self.address(name)}{health}", self.authority.pair.certificate
        )
