"""The components of a box: how each is started, and when it is ready."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from box import programs
from box.certificates import Authority, Pair
from box.command import git
from box.ports import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from box.folder import Folder
    from box.node.network import Network

NAMESPACE = "argocd"
NODE_ANNOTATION = "kwok.x-k8s.io/node=fake"
# No pod ever dials the API server there, and a loopback address is no valid endpoint.
API_WITHOUT_NODE = ("--endpoint-reconciler-type=none",)
# The addresses of k3s.
SERVICES = "10.43.0.0/16"
REACHED_BY_PODS = ("kube-apiserver", "githost")
"""Of a real node, which fetches images from the second."""
STAGES = Path(__file__).parent / "stages"
AUDIT_POLICY = Path(__file__).parent / "audit.yaml"
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


def nothing() -> None:
    """Most components need nothing before they start."""


@dataclass(frozen=True, kw_only=True)
class Component:
    """One process of a box; its program has its name unless another is given."""

    name: str
    arguments: tuple[str, ...]
    is_ready: Callable[[], bool]
    ports: tuple[int, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    program: Path | None = None
    """Where it is not a program that was built for the box."""
    prepare: Callable[[], None] = nothing
    """What is to be done before each start."""
    within: Callable[[], Sequence[str]] = tuple
    """What precedes the command where it runs in other namespaces; known once those are there."""

    @property
    def argv(self) -> list[str]:
        """The whole command."""
        return [*self.within(), str(self.program or programs.path(self.name)), *self.arguments]


@dataclass(frozen=True)
class Plan:
    """Makes the components of one box from its folder and its ports."""

    folder: Folder
    ports: Mapping[str, int]
    network: Network | None = None
    """The addresses of the real node, where there is one."""

    def control_plane(self) -> list[Component]:
        """The API server and its store, each needing the one before."""
        return [self.etcd(), self.kube_apiserver()]

    def controllers(self) -> list[Component]:
        """What acts on the API server of a control plane."""
        return [self.kube_controller_manager(), self.kube_scheduler()]

    def delivery(self) -> list[Component]:
        """What runs on any cluster: Argo CD with what it needs."""
        return [
            self.githost(),
            self.redis(),
            self.argocd_repo_server(),
            self.argocd_application_controller(),
        ]

    def address(self, name: str) -> str:
        """Where a component listens."""
        host = self.api_host if name in REACHED_BY_PODS else LOOPBACK
        return f"{host}:{self.ports[name]}"

    @property
    def api_host(self) -> str:
        """Where the API server listens: on a real node, pods have to reach it."""
        return self.network.host if self.network else LOOPBACK

    @property
    def authority(self) -> Authority:
        """Signs everything here."""
        return Authority(self.folder.pki)

    @property
    def admin(self) -> Pair:
        """Serves every component as server and client: a box rehearses no authorization."""
        return Pair.at(self.folder.pki / "admin")

    @property
    def service_accounts(self) -> Pair:
        """Signs and checks the tokens of service accounts."""
        return Pair.at(self.folder.pki / "service-account")

    def etcd(self) -> Component:
        """The store of the API server."""
        peer, client = (f"https://{self.address(name)}" for name in ("etcd-peer", "etcd"))
        ca = str(self.authority.pair.certificate)
        certificate, key = str(self.admin.certificate), str(self.admin.key)
        arguments = (
            f"--data-dir={self.folder.root / 'etcd'}",
            f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=default={peer}",
            f"--listen-client-urls={client}",
            f"--advertise-client-urls={client}",
            f"--trusted-ca-file={ca}",
            f"--cert-file={certificate}",
            f"--key-file={key}",
            "--client-cert-auth",
            f"--peer-trusted-ca-file={ca}",
            f"--peer-cert-file={certificate}",
            f"--peer-key-file={key}",
            # A box does not outlive the machine, so it need not wait for the disk.
            "--unsafe-no-fsync",
        )
        ports = (self.ports["etcd"], self.ports["etcd-peer"])
        return Component(
            name="etcd", arguments=arguments, ports=ports, is_ready=self.accepts("etcd")
        )

    def kube_apiserver(self) -> Component:
        """The API server."""
        ca, service_accounts = self.authority.pair, self.service_accounts
        arguments = (
            f"--bind-address={self.api_host}",
            f"--advertise-address={self.api_host}",
            f"--secure-port={self.ports['kube-apiserver']}",
            f"--tls-cert-file={self.admin.certificate}",
            f"--tls-private-key-file={self.admin.key}",
            f"--client-ca-file={ca.certificate}",
            f"--etcd-servers=https://{self.address('etcd')}",
            f"--etcd-cafile={ca.certificate}",
            f"--etcd-certfile={self.admin.certificate}",
            f"--etcd-keyfile={self.admin.key}",
            f"--service-account-key-file={service_accounts.certificate}",
            f"--service-account-signing-key-file={service_accounts.key}",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-cluster-ip-range={self.network.services if self.network else SERVICES}",
            "--authorization-mode=Node,RBAC",
            f"--audit-policy-file={AUDIT_POLICY}",
            f"--audit-log-path={self.folder.audit}",
            # In MB. A day's rehearsals stay in one file.
            "--audit-log-maxsize=2000",
            *(self.api_on_real_node() if self.network else API_WITHOUT_NODE),
        )
        return self.server("kube-apiserver", arguments, "https", "/readyz")

    def api_on_real_node(self) -> tuple[str, ...]:
        """How the API server reaches the kubelet, and lets pods do what k3s lets them do."""
        return (
            "--kubelet-preferred-address-types=InternalIP",
            f"--kubelet-certificate-authority={self.authority.pair.certificate}",
            f"--kubelet-client-certificate={self.admin.certificate}",
            f"--kubelet-client-key={self.admin.key}",
            "--allow-privileged",
        )

    def kube_controller_manager(self) -> Component:
        """Kubernetes' own controllers."""
        arguments = (
            *self.kubernetes_client("kube-controller-manager"),
            f"--service-account-private-key-file={self.service_accounts.key}",
            f"--root-ca-file={self.authority.pair.certificate}",
            "--use-service-account-credentials",
        )
        return self.server("kube-controller-manager", arguments, "https", "/healthz")

    def kube_scheduler(self) -> Component:
        """Gives pods their node."""
        return self.server(
            "kube-scheduler", self.kubernetes_client("kube-scheduler"), "https", "/healthz"
        )

    def kubernetes_client(self, name: str) -> tuple[str, ...]:
        """Flags that the controllers share. One of each runs, so none stands for election."""
        kubeconfig = self.folder.kubeconfig
        return (
            f"--kubeconfig={kubeconfig}",
            f"--authentication-kubeconfig={kubeconfig}",
            f"--authorization-kubeconfig={kubeconfig}",
            f"--bind-address={LOOPBACK}",
            f"--secure-port={self.ports[name]}",
            f"--tls-cert-file={self.admin.certificate}",
            f"--tls-private-key-file={self.admin.key}",
            "--leader-elect=false",
        )

    def kwok(self) -> Component:
        """Plays the node, its pods and its volumes."""
        stages = programs.module_folder("kwok", "sigs.k8s.io/kwok") / "kustomize" / "stage"
        files = (
            stages / "node" / "fast" / "node-initialize.yaml",
            stages / "node" / "heartbeat-with-lease" / "node-heartbeat-with-lease.yaml",
            stages / "pod" / "fast" / "pod-ready.yaml",
            stages / "pod" / "fast" / "pod-delete.yaml",
            *sorted(STAGES.glob("*.yaml")),
        )
        arguments = (
            f"--kubeconfig={self.folder.kubeconfig}",
            f"--manage-nodes-with-annotation-selector={NODE_ANNOTATION}",
            f"--server-address={self.address('kwok')}",
            "--node-lease-duration-seconds=40",
            *(f"--config={file}" for file in files),
        )
        return self.server("kwok", arguments, "http", "/healthz")

    def githost(self) -> Component:
        """Serves the repositories, and the apps' images to a real node."""
        backend = Path(git("--exec-path").strip()) / "git-http-backend"
        arguments = (
            f"-listen={self.address('githost')}",
            f"-root={self.folder.repositories}",
            f"-backend={backend}",
        )
        ports = (self.ports["githost"],)
        return Component(
            name="githost",
            arguments=arguments,
            ports=ports,
            is_ready=lambda: accepts_connections(self.ports["githost"], self.api_host),
        )

    def redis(self) -> Component:
        """Argo CD's cache."""
        arguments = (f"-listen={self.address('redis')}",)
        return Component(
            name="redis",
            arguments=arguments,
            ports=(self.ports["redis"],),
            is_ready=self.accepts("redis"),
        )

    def argocd_repo_server(self) -> Component:
        """Reads the repositories for Argo CD."""
        metrics = self.ports["argocd-repo-server-metrics"]
        root, ca = self.folder.root, str(self.authority.pair.certificate)
        arguments = (
            f"--address={LOOPBACK}",
            f"--port={self.ports['argocd-repo-server']}",
            f"--metrics-address={LOOPBACK}",
            f"--metrics-port={metrics}",
            f"--redis={self.address('redis')}",
            # A new commit is seen at the next look, not up to three minutes later.
            "--revision-cache-expiration=1s",
            "--logformat=text",
        )
        environment = {
            **self.argocd_environment(),
            "HTTPS_PROXY": f"http://{self.address('githost')}",
            # Argo CD lists branches itself (Go reads the first), but fetches by git (the second).
            "SSL_CERT_FILE": ca,
            "GIT_SSL_CAINFO": ca,
            # Its default is one fixed path in /tmp, over which two boxes would fight.
            "ARGOCD_ASK_PASS_SOCK": str(root / "tmp" / "ask-pass.sock"),
            # No project asks for signed commits, so no keyring is kept.
            "ARGOCD_GPG_ENABLED": "false",
            "PATH": f"{self.signature_check().parent}:{os.environ['PATH']}",
        }
        return Component(
            name="argocd-repo-server",
            arguments=arguments,
            ports=(self.ports["argocd-repo-server"], metrics),
            is_ready=self.answers("argocd-repo-server-metrics", "http", "/healthz"),
            environment=environment,
        )

    def signature_check(self) -> Path:
        """The script that the repo-server runs on every commit, signed or not.

        Argo CD's image has it on the PATH; here it comes from the Go module, whose files
        may not be executed.
        """
        module = programs.module_folder("argocd", "github.com/argoproj/argo-cd/v3")
        script = self.folder.root / "bin" / "git-verify-wrapper.sh"
        if not script.exists():
            shutil.copyfile(module / "hack" / script.name, script)
            script.chmod(0o755)
        return script

    def argocd_application_controller(self) -> Component:
        """Compares and syncs."""
        arguments = (
            f"--namespace={NAMESPACE}",
            f"--repo-server={self.address('argocd-repo-server')}",
            f"--redis={self.address('redis')}",
            # Argo CD offers no address for this one: it listens on all of them.
            f"--metrics-port={self.ports['argocd-application-controller']}",
            # How often it looks for a new commit when nobody tells it to.
            "--app-resync=60",
            "--app-resync-jitter=0",
            "--repo-error-grace-period-seconds=0",
            "--logformat=text",
        )
        component = self.server("argocd-application-controller", arguments, "http", "/healthz")
        return Component(
            name=component.name,
            arguments=component.arguments,
            ports=component.ports,
            is_ready=component.is_ready,
            environment={
                **self.argocd_environment(),
                # Between waves it rests for 2 s by default. What a wave waits for is not shortened.
                "ARGOCD_SYNC_WAVE_DELAY": "1",
                # By default it learns every 100 ms what has changed. Where it takes no rest it then
                # takes a hook that it has just deleted for the new one: Argo CD's issue 10077.
                "ARGOCD_CLUSTER_CACHE_BATCH_EVENTS_PROCESSING": "false",
            },
        )

    def argocd_environment(self) -> dict[str, str]:
        """What both parts of Argo CD need to know."""
        return {
            "KUBECONFIG": str(self.folder.kubeconfig),
            # "In cluster" is then the cluster of this kubeconfig.
            "ARGOCD_FAKE_IN_CLUSTER": "true",
            "ARGOCD_TLS_DATA_PATH": str(self.folder.pki),
            "ARGOCD_SSH_DATA_PATH": str(self.folder.pki),
        }

    def server(self, name: str, arguments: tuple[str, ...], scheme: str, health: str) -> Component:
        """A component with one port, on which it also says how it is."""
        return Component(
            name=name,
            arguments=arguments,
            ports=(self.ports[name],),
            is_ready=self.answers(name, scheme, health),
        )

    def accepts(self, name: str) -> Callable[[], bool]:
        """Ready once its port accepts a connection."""
        return lambda: accepts_connections(self.ports[name])

    def answers(self, name: str, scheme: str, health: str) -> Callable[[], bool]:
        """Ready once its health address answers 200."""
        return lambda: answers_ok(
            f"{scheme}://{self.address(name)}{health}", self.authority.pair.certificate
        )


def accepts_connections(port: int, address: str = LOOPBACK) -> bool:
    """Whether somebody listens on a port."""
    try:
        socket.create_connection((address, port), timeout=1).close()
    except OSError:
        return False
    return True


def answers_ok(url: str, ca: Path) -> bool:
    """Whether an address answers 200."""
    # A proxy of the caller's environment has no business on loopback.
    handlers = [
        urllib.request.ProxyHandler({}),
        urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=str(ca))),
    ]
    try:
        with urllib.request.build_opener(*handlers).open(url, timeout=2) as response:
            return bool(response.status == HTTPStatus.OK)
    except (OSError, urllib.error.URLError):
        return False
